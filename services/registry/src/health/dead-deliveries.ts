import type { DeadLetter } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import { keyedEventId, patternsOf, type Clock } from '@hookline/domain';
import { addPlatformEvent, isPlatformEvent } from './platform-events.ts';

/** Tells tenants of their dead deliveries, those that have a webhook for it: by the event `delivery.dead`, which is committed when this resolves. */
export type TellOfDead = (letter: DeadLetter) => Promise<void>;

const TYPE = 'delivery.dead';
const PATTERNS = patternsOf(TYPE);
/** Of each tenant, by one copy. What is beyond is counted, and told with the next. */
const MAX_PER_MINUTE = 60;
const MINUTE_MS = 60_000;
/** So long it is believed that a tenant has, or has not, a webhook for it. */
const KNOWN_MS = 5_000;
const MAX_TENANTS = 10_000;

interface Tenant {
  subscribed: boolean;
  knownUntilMs: number;
  minuteEndsAtMs: number;
  told: number;
  /** Dead deliveries that no event has told of since the last one. */
  untold: number;
}

export function createTellOfDead(database: Database, clock: Clock): TellOfDead {
  const tenants = new Map<string, Tenant>();

  async function find(name: string, nowMs: number): Promise<Tenant> {
    let tenant = tenants.get(name);
    if (tenant === undefined) {
      if (tenants.size >= MAX_TENANTS) tenants.delete(tenants.keys().next().value as string);
      tenant = { subscribed: false, knownUntilMs: 0, minuteEndsAtMs: 0, told: 0, untold: 0 };
      tenants.set(name, tenant);
    }
    if (tenant.knownUntilMs <= nowMs) {
      tenant.subscribed = await isSubscribed(name);
      tenant.knownUntilMs = nowMs + KNOWN_MS;
    }
    return tenant;
  }

  async function isSubscribed(tenant: string): Promise<boolean> {
    const { rowCount } = await database.query(
      `SELECT 1 FROM webhooks WHERE tenant = $1 AND status = 'enabled' AND event_types && $2 LIMIT 1`,
      [tenant, PATTERNS],
    );
    return rowCount > 0;
  }

  return async ({ deliveryId, webhookId, event, reason, attempts, deadAtMs }) => {
    // Of the death of what the platform itself has to say nothing more is said, or one could follow the other for ever.
    if (isPlatformEvent(event)) return;
    const nowMs = clock.now();
    const tenant = await find(event.tenant, nowMs);
    if (!tenant.subscribed) return;
    if (tenant.minuteEndsAtMs <= nowMs) {
      tenant.minuteEndsAtMs = nowMs + MINUTE_MS;
      tenant.told = 0;
    }
    if (tenant.told >= MAX_PER_MINUTE) {
      tenant.untold++;
      return;
    }
    const data = {
      webhook_id: webhookId,
      delivery_id: deliveryId,
      event_id: event.id,
      event_type: event.type,
      reason,
      attempts,
      dead_at: new Date(deadAtMs).toISOString(),
      untold: tenant.untold,
    };
    // The same death, read again, is the same event.
    const id = keyedEventId(event.tenant, TYPE, deliveryId, deadAtMs);
    await addPlatformEvent(database, { id, tenant: event.tenant, type: TYPE, data }, new Date(nowMs));
    tenant.told++;
    tenant.untold = 0;
  };
}
