import type { Cancellation } from '@hookline/contracts';

/** What is not to be sent any more, as of the latest cancellations. Asking costs next to nothing while there are none. */
export interface Cancellations {
  add(cancellation: Pick<Cancellation, 'tenant' | 'eventId' | 'webhookId' | 'reason'>): void;
  /** Why a delivery is not to be sent; null: it is. */
  reasonFor(tenant: string, eventId: string, webhookId: string): Cancellation['reason'] | null;
  count(): number;
}

/** Events of which something is cancelled, the oldest forgotten first. */
const REMEMBERED_EVENTS = 100_000;

/** In place of a webhook's id. */
const EVERY = '*';

export function createCancellations(size = REMEMBERED_EVENTS): Cancellations {
  /** By event, why by webhook. */
  const events = new Map<string, Map<string, Cancellation['reason']>>();

  return {
    add({ tenant, eventId, webhookId, reason }) {
      const key = keyOf(tenant, eventId);
      const webhooks = events.get(key);
      if (webhooks !== undefined) {
        webhooks.set(webhookId ?? EVERY, reason);
        return;
      }
      events.set(key, new Map([[webhookId ?? EVERY, reason]]));
      if (events.size > size) events.delete(events.keys().next().value as string);
    },
    reasonFor(tenant, eventId, webhookId) {
      if (events.size === 0) return null;
      const webhooks = events.get(keyOf(tenant, eventId));
      return webhooks?.get(webhookId) ?? webhooks?.get(EVERY) ?? null;
    },
    count: () => events.size,
  };
}

function keyOf(tenant: string, eventId: string): string {
  return `${tenant}\0${eventId}`;
}
