import type { Queryable } from '@hookline/database';
import { compareTexts, foldDeliveries } from './fold-deliveries.ts';
import { isFirst, type AttemptRow, type DeliveryRow } from './rows.ts';
import { attemptsInDeliveries, insertAttempts, insertDeliveries, moveDeliveries, type Expected } from './statements.ts';

/*
 * Where an attempt is kept: in its delivery's row, if it is the first, succeeded, and comes alone and before anything else that is said of the delivery;
 * in a row of its own otherwise. It is looked for in both places (the view every_attempt), and must never be in both.
 *
 * The deliveries go first: from then on until the end of the transaction their rows are locked or our own, and so what is in them is settled.
 */
export async function writeDeliveries(
  tx: Queryable,
  day: string,
  said: { deliveries: readonly DeliveryRow[]; attempts: readonly AttemptRow[] },
  expected: Expected,
): Promise<{ deliveries: number; attempts: number }> {
  const deliveries = foldDeliveries(said.deliveries);
  const once = deliveries.filter(({ once_id }) => once_id !== null);
  const stored =
    expected === 'unseen' ? await storeUnseen(tx, day, deliveries, once) : await moveDeliveries(tx, day, deliveries);
  const others = stored.once === once.length ? attemptsOfOthers(said.attempts, once) : said.attempts;
  const attempts = await withoutStored(tx, day, others);
  attempts.sort((one, other) => compareTexts(one.delivery_id, other.delivery_id) || compareTexts(one.id, other.id));
  return { deliveries: stored.changed, attempts: await insertAttempts(tx, day, attempts) };
}

/** Of one that succeeded at once most often nothing was said before; of others something was. */
async function storeUnseen(
  tx: Queryable,
  day: string,
  deliveries: readonly DeliveryRow[],
  once: readonly DeliveryRow[],
) {
  const inserted = await insertDeliveries(tx, day, once);
  const others = once.length === deliveries.length ? [] : deliveries.filter(({ once_id }) => once_id === null);
  const moved = await moveDeliveries(tx, day, others);
  return { changed: inserted + moved.changed, once: inserted };
}

function attemptsOfOthers(attempts: readonly AttemptRow[], deliveries: readonly DeliveryRow[]): readonly AttemptRow[] {
  if (attempts.length === deliveries.length) return [];
  const ids = new Set(deliveries.map(({ id }) => id));
  return attempts.filter((attempt) => !ids.has(attempt.delivery_id));
}

async function withoutStored(tx: Queryable, day: string, attempts: readonly AttemptRow[]): Promise<AttemptRow[]> {
  const doubtful = attempts.filter(isFirst).map(({ delivery_id }) => delivery_id);
  const stored = await attemptsInDeliveries(tx, day, doubtful);
  return attempts.filter(({ id }) => !stored.has(id));
}
