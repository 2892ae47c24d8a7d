import { hash, randomUUIDv7 } from 'node:crypto';

/** `evt_`, `wh_`, `att_` over a UUIDv7 (RFC 9562) without dashes: sortable by time of creation. */
export type IdPrefix = 'evt' | 'wh' | 'att' | 'usr' | 'rec' | 'ses' | 'key' | 'prt' | 'aud';

export function createId(prefix: IdPrefix): string {
  return `${prefix}_${randomUUIDv7().replaceAll('-', '')}`;
}

/**
 * The id of an event that its client did not name, but sent under an idempotency key: the same request makes the same event, also when
 * nobody remembers the first one.
 * @param requestHash tells one request under the key from another
 * @param index of the event in its request
 */
export function keyedEventId(tenant: string, key: string, requestHash: string, index: number): string {
  const digest = hash('sha256', `${tenant}\0${key}\0${requestHash}\0${index}`);
  return `evt_${digest.slice(0, 32)}`;
}

/**
 * The id of the delivery of one event to one webhook. Derived, so that whoever meets the pair again after a crash
 * names the same delivery; 128 bits of SHA-256. Contains no `.`, as Standard Webhooks asks of a `webhook-id`.
 */
export function deliveryId(tenant: string, eventId: string, webhookId: string): string {
  const digest = hash('sha256', `${tenant}\0${eventId}\0${webhookId}`);
  return `dlv_${digest.slice(0, 32)}`;
}
