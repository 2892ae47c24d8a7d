import { z } from 'zod';
import { integer } from '../values.ts';

/** What a tenant may have where nothing was set for it. */
export const quotasSection = z
  .strictObject({
    webhooks: integer(0, 0, 10_000).describe('Webhooks of one tenant. `0`: as many as any may have, 10,000'),
    events_per_day: integer(0, 0, 1_000_000_000_000).describe(
      'Events of one tenant in a day (UTC), whichever way they come to ingestion. `0`: any number',
    ),
    payload_bytes: integer(0, 0, 1024 * 1024).describe(
      "Bytes of an event's data. `0`: as many as any event may have, 1 MiB with its attributes",
    ),
    warn_percent: integer(80, 1, 99).describe(
      'The tenant is told by an event `quota.warning` when it has so many per cent of one of them, and when it has all',
    ),
  })
  .describe(
    'What each tenant may have; for one it can be set otherwise ([limits.md](limits.md#quotas)). The numbers must be the same for the registry and ingestion.',
  );
