import { parseDuration } from '@hookline/domain';
import { z } from 'zod';
import { duration, integer, list, port } from '../values.ts';
import { registryAddress } from './shared-keys.ts';

export const observabilitySection = z.strictObject({
  port: port(8085).describe("The log's API, health and metrics"),
  registry_address: registryAddress(),
  batch_size: integer(500, 1, 10_000).describe('Records of one partition handed over at once'),
  payloads: z
    .enum(['all', 'failed', 'none'], { error: 'must be one of all, failed, none' })
    .default('all')
    .meta({ example: 'failed' })
    .describe(
      "Whose events' data, and answers' headers and bodies, the log keeps: `all`; `failed`: of dead letters and failed attempts only, which costs least where most succeed; `none`. What isn't kept can't be shown, replayed or sent again from the log",
    ),
  retention: duration('30d').describe(
    "How long events, with their deliveries and attempts, are kept, by the day (UTC) of their acceptance: a day's tables are dropped when all of it is older. Longer than any delivery may take",
  ),
  tenant_retention: tenantDurations().describe(
    'Tenants that keep less: `acme=7d,globex=1d`, or a list. Their rows, and dead letters, are deleted in small steps',
  ),
  dead_letter_retention: duration('90d').describe('How long dead letters are kept'),
  audit_retention: duration('400d').describe('How long the audit log is kept'),
});

/** `tenant=7d`, for as many tenants as one likes, as a map from tenants to milliseconds. */
function tenantDurations() {
  return list('acme=7d')
    .transform((items, context) => {
      const durations = new Map<string, number>();
      for (const item of items) {
        const [, tenant = '', span = ''] = /^(.+)=([^=]+)$/.exec(item) ?? [];
        const ms = parseDuration(span);
        if (tenant !== '' && ms !== null) durations.set(tenant, ms);
        else context.addIssue({ code: 'custom', message: `"${item}" is no tenant with a time span` });
      }
      return durations;
    })
    .meta({ example: 'acme=7d' });
}
