import type { Cancellation } from '@hookline/contracts';

/** What is not to be sent any more, as of the latest cancellations. Asking costs next to nothing while there are none. */
export interface Cancellations {
  add(cancellation: Pick<Cancellation, 'tenant' | 'eventId' | 'webhookId' | 'reason'>): void;
  /** Why a delivery is not to be sent; null: it is. */
  reasonFor(tenant: string, eventId: string, webhookId: string): Cancellation['reason'] | null;
  count(): number;
}

/** The events of the oldest are forgotten first. */
const MOST_REMEMBERED = 100_000;

/** In place of a webhook's id. */
const EVERY = '*';

export function createCancellations(size = MOST_REMEMBERED): Cancellations {
  /** By event, why by webhook. */
  const events = new Map<string, Map<string, Cancellation['reason']>>();
  let remembered = 0;

  /** The latest may be of the oldest event: should that alone be too much, it goes too. */
  function forget(): void {
    const [oldest, webhooks] = events.entries().next().value as [string, Map<string, Cancellation['reason']>];
    events.delete(oldest);
    remembered -= webhooks.size;
  }

  return {
    add({ tenant, eventId, webhookId, reason }) {
      const key = keyOf(tenant, eventId);
      const webhook = webhookId ?? EVERY;
      const webhooks = events.get(key) ?? new Map<string, Cancellation['reason']>();
      events.set(key, webhooks);
      // What is erased stays so, whatever is said of it later.
      if (webhooks.get(webhook) === 'erased') return;
      if (!webhooks.has(webhook)) remembered++;
      webhooks.set(webhook, reason);
      while (remembered > size) forget();
    },
    reasonFor(tenant, eventId, webhookId) {
      if (events.size === 0) return null;
      const webhooks = events.get(keyOf(tenant, eventId));
      if (webhooks === undefined) return null;
      const ofAll = webhooks.get(EVERY) ?? null;
      return ofAll === 'erased' ? ofAll : (webhooks.get(webhookId) ?? ofAll);
    },
    count: () => remembered,
  };
}

function keyOf(tenant: string, eventId: string): string {
  return `${tenant}\0${eventId}`;
}
