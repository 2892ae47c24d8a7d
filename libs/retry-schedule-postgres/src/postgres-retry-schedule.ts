import type { Database, Queryable } from '@hookline/database';
import type {
  Answer,
  Claimed,
  Cursor,
  EntryRef,
  HeldCursor,
  RetrySchedule,
  ScheduleCounts,
} from '@hookline/retry-schedule';
import { toNetChanges, type NetChange } from './net-changes.ts';
import * as sql from './statements.ts';

const NOTHING: ScheduleCounts = { waiting: 0, claimed: 0, handedOver: 0, oldestDueAtMs: null };

/**
 * On the tables of migration 0002, on a server or PGlite. A call that changes something is a transaction that first locks the
 * partition's cursor, which makes it atomic. It never answers `full`. The database stays open at `close`.
 */
export function createPostgresRetrySchedule({ database }: { database: Database }): RetrySchedule {
  /** Does `work` under the partition's lock if the cursor is still `at`. */
  function fenced<T>(partition: number, at: Cursor, work: (tx: Queryable) => Promise<T>): Promise<Answer<T>> {
    return database.transaction(async (tx): Promise<Answer<T>> => {
      const { rows } = await tx.query<HeldCursor>(sql.LOCK, [partition]);
      return isAt(rows[0], at) ? { kind: 'ok', value: await work(tx) } : { kind: 'stale', held: rows[0] ?? null };
    });
  }

  return {
    async held(partition) {
      const { rows } = await database.query<HeldCursor>(sql.HELD, [partition]);
      return rows[0] ?? null;
    },

    reset: (partition, { incarnation, offset }, nowMs) =>
      database.transaction(async (tx) => {
        await tx.query(sql.BEGIN, [partition, incarnation, offset, nowMs]);
        await tx.query(sql.CLEAR, [partition]);
      }),

    apply: (partition, at, changes, nextOffset, nowMs) =>
      fenced(partition, at, async (tx) => {
        await applyNet(tx, partition, toNetChanges(changes));
        await tx.query(sql.MOVE, [partition, nextOffset, nowMs]);
      }),

    async claim(partition, at, { nowMs, limit, maxBytes, claimMs }) {
      const { rows } = await database.query<HeldCursor & { isDue: boolean }>(sql.PEEK, [partition, nowMs]);
      if (isAt(rows[0], at) && !rows[0].isDue) return { kind: 'ok', value: [] };
      return fenced(partition, at, async (tx) => {
        await tx.query(sql.EXPIRE, [partition, nowMs, limit]);
        const taken = await tx.query<Claimed>(sql.CLAIM, [partition, nowMs, limit, maxBytes, nowMs + claimMs]);
        return taken.rows;
      });
    },

    markHandedOver: (partition, at, marks) =>
      fenced(partition, at, (tx) =>
        countEntries(tx, sql.MARK, [partition, ...columnsOf(marks), marks.map(({ handedOverAt }) => handedOverAt)]),
      ),

    answered: (partition, at, committed, limit) =>
      fenced(partition, at, async (tx) => (await tx.query<EntryRef>(sql.ANSWERED, [partition, committed, limit])).rows),

    putBack: (partition, at, entries, nowMs) =>
      fenced(partition, at, (tx) => countEntries(tx, sql.PUT_BACK, [partition, ...columnsOf(entries), nowMs])),

    async counts(partition) {
      const { rows } = await database.query<ScheduleCounts>(sql.COUNTS, [partition]);
      return rows[0] ?? NOTHING;
    },

    check: (deadlineMs) => database.ping(deadlineMs),
    close: async () => {},
  };
}

async function applyNet(tx: Queryable, partition: number, changes: NetChange[]): Promise<void> {
  if (changes.length === 0) return;
  const ids = changes.map(({ deliveryId }) => deliveryId);
  await tx.query(sql.REMOVE, [partition, ids, changes.map(({ outranks }) => outranks)]);
  const waits = changes.flatMap(({ wait }) => wait ?? []);
  if (waits.length === 0) return;
  await tx.query(sql.ADD, [
    partition,
    ...columnsOf(waits),
    waits.map(({ attempt }) => attempt),
    waits.map(({ dueAtMs }) => dueAtMs),
    waits.map(({ entry }) => entry),
  ]);
}

async function countEntries(
  tx: Queryable,
  statement: string,
  parameters: Parameters<Queryable['query']>[1],
): Promise<number> {
  const { rows } = await tx.query<{ entries: number }>(statement, parameters);
  return rows[0]?.entries ?? 0;
}

function columnsOf(refs: readonly EntryRef[]): [string[], number[]] {
  return [refs.map(({ deliveryId }) => deliveryId), refs.map(({ offset }) => offset)];
}

function isAt<Held extends Cursor>(held: Held | undefined, at: Cursor): held is Held {
  return held?.incarnation === at.incarnation && held.offset === at.offset;
}
