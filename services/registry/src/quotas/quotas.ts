import type { Database, Queryable } from '@hookline/database';
import {
  Conflict,
  EVENT_LIMITS,
  Forbidden,
  InvalidInput,
  limitOf,
  QUOTAS,
  quotasWith,
  quotaWarningEvent,
  utcDay,
  warningOf,
  type Clock,
  type QuotaName,
  type QuotaOverrides,
  type Quotas,
} from '@hookline/domain';
import type { QuotaSource } from '@hookline/service-kit';
import { requireTenant } from '../access/tenants.ts';
import { audit } from '../audit/audit.ts';
import { addPlatformEvent } from '../health/platform-events.ts';
import { WEBHOOK_LIMITS } from '../webhooks/limits.ts';
import { countWebhooks } from '../webhooks/store.ts';
import { lockOverrides, noteWarned, quotaChangesSince, readOverrides, writeOverrides } from './store.ts';

/** How much each tenant may have. What is sent is counted by ingestion, which asks for what was set here. */
export interface TenantQuotas extends QuotaSource {
  get(tenant: string): Promise<QuotasInForce>;
  /** Replaces what was set for the tenant. */
  set(tenant: string, overrides: QuotaOverrides): Promise<QuotasInForce>;
  /**
   * In the transaction that makes a webhook, which holds the revision's lock. Says whether the tenant is told that it is about to have all that it may:
   * by an event that is to be published once that is committed.
   * @throws Forbidden, Conflict
   */
  admitWebhook(tx: Queryable, tenant: string): Promise<boolean>;
}

export interface QuotasInForce {
  tenant: string;
  overrides: QuotaOverrides;
  inForce: Quotas;
  /** How many the tenant has. */
  webhooks: number;
}

export interface TenantQuotasDependencies {
  database: Database;
  clock: Clock;
  defaults: Quotas & { warn_percent: number };
}

/** Beyond it a quota means nothing. */
const MOST: Quotas = {
  webhooks: WEBHOOK_LIMITS.perTenant,
  events_per_day: 1_000_000_000_000,
  payload_bytes: EVENT_LIMITS.sizeBytes,
};

export function createTenantQuotas({ database, clock, defaults }: TenantQuotasDependencies): TenantQuotas {
  const { warn_percent: warnPercent, ...byDefault } = defaults;

  async function show(tenant: string, overrides: QuotaOverrides): Promise<QuotasInForce> {
    const webhooks = await countWebhooks(database, tenant, WEBHOOK_LIMITS.perTenant);
    return { tenant, overrides, inForce: quotasWith(overrides, byDefault), webhooks };
  }

  async function warn(tx: Queryable, tenant: string, used: number, limit: number): Promise<boolean> {
    const percent = warningOf(used, limit, warnPercent);
    if (percent === null) return false;
    const atMs = clock.now();
    const warning = { tenant, quota: 'webhooks', percent, used, limit, atMs } as const;
    if (!(await noteWarned(tx, { ...warning, day: utcDay(atMs) }))) return false;
    await addPlatformEvent(tx, quotaWarningEvent(warning), new Date(atMs));
    return true;
  }

  return {
    async get(tenant) {
      await requireTenant(database, tenant);
      return show(tenant, await readOverrides(database, tenant));
    },

    async set(tenant, overrides) {
      check(overrides);
      await requireTenant(database, tenant);
      await database.transaction(async (tx) => {
        const { overrides: before, revision } = await lockOverrides(tx, tenant);
        if (QUOTAS.every((name) => before[name] === overrides[name])) return;
        await writeOverrides(tx, tenant, overrides, revision);
        await audit(tx, {
          tenant,
          action: 'tenant.set_quotas',
          target: { type: 'tenant', id: tenant },
          before: audited(before),
          after: audited(overrides),
          at: new Date(clock.now()),
        });
      });
      return show(tenant, overrides);
    },

    async admitWebhook(tx, tenant) {
      const limit = limitOf(quotasWith(await readOverrides(tx, tenant), byDefault).webhooks);
      const count = await countWebhooks(tx, tenant, WEBHOOK_LIMITS.perTenant);
      if (count >= WEBHOOK_LIMITS.perTenant) {
        throw new Conflict(`There are ${WEBHOOK_LIMITS.perTenant} webhooks already: delete one first.`, {
          code: 'too_many_webhooks',
        });
      }
      if (count >= limit) {
        throw new Forbidden(`The tenant may have ${limit} webhooks, and has ${count}: delete one first.`, {
          code: 'webhook_quota_exceeded',
        });
      }
      return warn(tx, tenant, count + 1, limit);
    },

    quotaChanges: (cursor) => quotaChangesSince(database, cursor),
  };
}

function check(overrides: QuotaOverrides): void {
  const problems = QUOTAS.flatMap((name) => {
    const quota = overrides[name];
    if (quota === undefined || (Number.isSafeInteger(quota) && quota >= 0 && quota <= MOST[name])) return [];
    return { pointer: `/${name}`, detail: `must be a whole number from 0 to ${MOST[name]}` };
  });
  if (problems.length > 0) throw new InvalidInput('The quotas are not valid.', { problems });
}

/** null: the default. */
function audited(overrides: QuotaOverrides): Record<QuotaName, number | null> {
  return {
    webhooks: overrides.webhooks ?? null,
    events_per_day: overrides.events_per_day ?? null,
    payload_bytes: overrides.payload_bytes ?? null,
  };
}
