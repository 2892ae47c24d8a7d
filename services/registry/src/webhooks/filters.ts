import { isDeepStrictEqual } from 'node:util';
import type { Queryable } from '@hookline/database';
import { InvalidInput } from '@hookline/domain';
import { WEBHOOK_LIMITS } from './limits.ts';
import { lengthsOfFilters, type StoredWebhook } from './store.ts';

type Filtered = Pick<StoredWebhook, 'tenant' | 'id' | 'delivery'>;

/**
 * One event is asked every filter of its type, and they may all be of that type, so a tenant's filters are bounded together. A change that makes a filter
 * no longer is let through, whatever there is. Whoever asks holds the revision's lock, so nobody adds one before the transaction
 * ends. All are measured by the database, which spells JSON in its own way.
 * @throws InvalidInput
 */
export async function requireRoomForFilter(tx: Queryable, next: Filtered, stored: Filtered | null): Promise<void> {
  const { filter } = next.delivery;
  // What most changes leave as it is isn't measured.
  if (filter === undefined || isDeepStrictEqual(filter, stored?.delivery.filter)) return;
  const length = await lengthsOfFilters(tx, next, filter);
  const most = WEBHOOK_LIMITS.filtersTogether;
  if (length.next <= length.stored || length.others + length.next <= most) return;
  const detail = `is too much: the filters of a tenant's webhooks have at most ${most} characters together`;
  throw new InvalidInput('The webhook is not valid.', { problems: [{ pointer: '/filter', detail }] });
}
