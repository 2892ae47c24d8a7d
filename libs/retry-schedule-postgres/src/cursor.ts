import type { Database, Queryable } from '@hookline/database';
import type { Answer, Cursor, HeldCursor } from '@hookline/retry-schedule';

/** The first parameter is the partition. */
const HELD = `
  SELECT incarnation, "offset", applied_at_ms AS "appliedAtMs", line FROM retry_cursors WHERE partition = $1 AND NOT clearing`;

/** $2 changes of line, waiting, excess, claimed, handed over and bytes */
const TALLY = `
  UPDATE retry_cursors SET line = line + $2, waiting = waiting + $3, excess = excess + $4, claimed = claimed + $5,
    handed_over = handed_over + $6, bytes = bytes + $7
  WHERE partition = $1`;

/** What a call changes of the numbers beside the cursor. */
export interface Tally {
  line: number;
  waiting: number;
  excess: number;
  claimed: number;
  handed_over: number;
  bytes: number;
}

export type State = 'waiting' | 'excess' | 'claimed' | 'handed_over';

/** One call on a partition whose row in retry_cursors is locked, so nothing of it changes between reading and writing. */
export interface Turn {
  readonly tx: Queryable;
  readonly partition: number;
  /** The last place given in the line when it began. */
  readonly line: number;
  readonly tally: Tally;
}

export async function findCursor(source: Queryable, partition: number): Promise<HeldCursor | null> {
  const { rows } = await source.query<HeldCursor & { line: number }>(HELD, [partition]);
  return rows[0] === undefined ? null : toCursor(rows[0]);
}

/** Does `work` under the partition's lock if the cursor is still `at`. */
export function fenced<T>(
  database: Database,
  partition: number,
  at: Cursor,
  work: (turn: Turn) => Promise<T>,
): Promise<Answer<T>> {
  return database.transaction(async (tx): Promise<Answer<T>> => {
    const { rows } = await tx.query<HeldCursor & { line: number }>(`${HELD} FOR UPDATE`, [partition]);
    const [held] = rows;
    if (!isAt(held, at)) return { kind: 'stale', held: held === undefined ? null : toCursor(held) };
    const tally: Tally = { line: 0, waiting: 0, excess: 0, claimed: 0, handed_over: 0, bytes: 0 };
    const value = await work({ tx, partition, line: held.line, tally });
    const { line, waiting, excess, claimed, handed_over: handedOver, bytes } = tally;
    const changes = [line, waiting, excess, claimed, handedOver, bytes];
    if (changes.some((change) => change !== 0)) await tx.query(TALLY, [partition, ...changes]);
    return { kind: 'ok', value };
  });
}

export function isAt<Held extends Cursor>(held: Held | undefined | null, at: Cursor): held is Held {
  return held?.incarnation === at.incarnation && held.offset === at.offset;
}

function toCursor({ incarnation, offset, appliedAtMs }: HeldCursor): HeldCursor {
  return { incarnation, offset, appliedAtMs };
}
