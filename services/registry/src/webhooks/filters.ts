import type { Queryable } from '@hookline/database';
import { InvalidInput } from '@hookline/domain';
import { WEBHOOK_LIMITS } from './limits.ts';
import { lengthOfFilters, type StoredWebhook } from './store.ts';

type Filtered = Pick<StoredWebhook, 'tenant' | 'id' | 'delivery'>;

/**
 * One event is asked every filter of its type, and they may all be of that type, so a tenant's filters are bounded together. A change that makes a filter
 * no longer is let through, whatever there is. Whoever asks holds the revision's lock, so nobody adds one before the transaction ends.
 * @throws InvalidInput
 */
export async function requireRoomForFilter(tx: Queryable, next: Filtered, stored: Filtered | null): Promise<void> {
  const length = lengthOf(next);
  if (length <= lengthOf(stored)) return;
  const most = WEBHOOK_LIMITS.filtersTogether;
  if ((await lengthOfFilters(tx, next)) + length <= most) return;
  const detail = `is too much: the filters of a tenant's webhooks have at most ${most} characters together`;
  throw new InvalidInput('The webhook is not valid.', { problems: [{ pointer: '/filter', detail }] });
}

function lengthOf(webhook: Filtered | null): number {
  return webhook?.delivery.filter === undefined ? 0 : JSON.stringify(webhook.delivery.filter).length;
}
