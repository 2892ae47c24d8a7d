import type { Queryable } from '@hookline/database';
import { compareTexts, foldDeliveries } from './fold-deliveries.ts';
import { isFirst, type AttemptRow, type DeliveryRow } from './rows.ts';
import {
  attemptsInDeliveries,
  insertAttempts,
  insertDeliveries,
  moveDeliveries,
  type Expected,
  type Moved,
} from './statements.ts';

/** Few deliveries are deferred for less. */
const PROMPT_MS = 1_000;

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
    expected === 'unseen' ? await storeUnseen(tx, day, deliveries) : await moveDeliveries(tx, day, deliveries);
  const others = stored.once === once.length ? attemptsOfOthers(said.attempts, once) : said.attempts;
  const attempts = await withoutStored(tx, day, others);
  attempts.sort((one, other) => compareTexts(one.delivery_id, other.delivery_id) || compareTexts(one.id, other.id));
  return { deliveries: stored.changed, attempts: await insertAttempts(tx, day, attempts) };
}

async function storeUnseen(tx: Queryable, day: string, deliveries: readonly DeliveryRow[]): Promise<Moved> {
  const unseen = deliveries.filter(isUnseen);
  const others = deliveries.filter((delivery) => !isUnseen(delivery));
  const inserted = await insertDeliveries(tx, day, unseen);
  const moved = await moveDeliveries(tx, day, others);
  return { changed: inserted + moved.changed, once: inserted + moved.once };
}

/** Most often: of one that failed before, or began late, something was said already (that it was deferred). */
function isUnseen({ once_started_at, accepted_at }: DeliveryRow): boolean {
  return once_started_at !== null && once_started_at - accepted_at <= PROMPT_MS;
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
