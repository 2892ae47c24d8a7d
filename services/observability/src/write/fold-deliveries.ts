import { NOT_ONCE, type DeadLetterRow, type DeliveryRow } from './rows.ts';

/*
 * What several records say about one delivery comes to the same row in whatever order and however often they are taken: each half of the row is that of
 * the latest record by a total order. The statement in statements.ts decides by the same orders between what is stored and what comes.
 */

/** One row for each delivery, since one INSERT can't touch a row twice; sorted, so that two writers that look for rows lock them in one order. */
export function foldDeliveries(rows: readonly DeliveryRow[]): DeliveryRow[] {
  return foldBy(rows, mergeDeliveries);
}

/** A delivery that was replayed may die again: the later letter counts. */
export function foldDeadLetters(rows: readonly DeadLetterRow[]): DeadLetterRow[] {
  return foldBy(rows, (one, other) => (other.dead_at > one.dead_at ? other : one));
}

export function mergeDeliveries(one: DeliveryRow, other: DeliveryRow): DeliveryRow {
  const state = compareStates(other, one) > 0 ? other : one;
  const last = compareLast(other, one) > 0 ? other : one;
  return {
    ...one,
    first_attempt_at: earlier(one.first_attempt_at, other.first_attempt_at),
    attempt_count: Math.max(one.attempt_count, other.attempt_count),
    state: state.state,
    state_rank: state.state_rank,
    state_at: state.state_at,
    next_attempt_at: state.next_attempt_at,
    reason: state.reason,
    last_attempt_id: last.last_attempt_id,
    last_number: last.last_number,
    last_started_at: last.last_started_at,
    last_status: last.last_status,
    last_class: last.last_class,
    ...(one.once_id === other.once_id ? {} : NOT_ONCE),
  };
}

/** Of two states of one rank the one reached later. */
function compareStates(one: DeliveryRow, other: DeliveryRow): number {
  return one.state_rank - other.state_rank || one.state_at - other.state_at || compareTexts(one.state, other.state);
}

/** Attempts' ids are in the order of time. */
function compareLast(one: DeliveryRow, other: DeliveryRow): number {
  return (
    (one.last_number ?? 0) - (other.last_number ?? 0) ||
    compareTexts(one.last_attempt_id ?? '', other.last_attempt_id ?? '')
  );
}

export function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function foldBy<Row extends { id: string }>(rows: readonly Row[], merge: (one: Row, other: Row) => Row): Row[] {
  const byId = new Map<string, Row>();
  for (const row of rows) {
    const known = byId.get(row.id);
    byId.set(row.id, known === undefined ? row : merge(known, row));
  }
  return [...byId.values()].sort((one, other) => compareTexts(one.id, other.id));
}

function earlier(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
