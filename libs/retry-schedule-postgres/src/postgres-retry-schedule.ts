import type { Database } from '@hookline/database';
import type { EntryRef, RetrySchedule, ScheduleBounds, ScheduleCounts } from '@hookline/retry-schedule';
import { apply } from './apply.ts';
import { claim, NEXT } from './claim.ts';
import { fenced, findCursor, isAt } from './cursor.ts';
import { markHandedOver, putBack } from './hand-over.ts';
import { reset } from './reset.ts';
import { findBacklog } from './usage.ts';
import { setHeld } from './webhooks.ts';

export interface PostgresRetryScheduleOptions {
  database: Database;
  bounds: ScheduleBounds;
  /** Of all entries together; beyond that nothing more is applied. */
  maxBytes: number;
}

const BYTES = 'SELECT coalesce(sum(bytes), 0)::bigint AS bytes FROM retry_cursors';

/** $1 partition, $2 committed, $3 limit */
const ANSWERED = `
  SELECT delivery_id AS "deliveryId", "offset" FROM retry_entries
  WHERE partition = $1 AND state = 'handed_over' AND handed_over_at < $2
  ORDER BY handed_over_at, delivery_id LIMIT $3`;

/** $1 partition */
const HOLDS = 'SELECT webhook_id AS "webhookId" FROM retry_webhooks WHERE partition = $1 AND held';

/** $1 partition */
const COUNTS = `
  WITH held AS (
    SELECT count(*) AS entries FROM retry_webhooks w JOIN retry_entries e ON e.partition = $1 AND e.webhook_id = w.webhook_id AND e.state = 'waiting'
    WHERE w.partition = $1 AND w.held
  )
  SELECT waiting - held.entries AS waiting, held.entries AS held, excess, claimed, handed_over AS "handedOver",
    (SELECT min(next_at_ms) FROM retry_webhooks WHERE partition = $1 AND NOT held) AS "oldestDueAtMs"
  FROM retry_cursors, held WHERE partition = $1 AND NOT clearing`;

const NOTHING: ScheduleCounts = { waiting: 0, held: 0, excess: 0, claimed: 0, handedOver: 0, oldestDueAtMs: null };

/**
 * On the tables of migration 0005, on a server or PGlite. A call that changes something is a transaction that first locks the
 * partition's cursor, which makes it atomic. The database stays open at `close`.
 */
export function createPostgresRetrySchedule({
  database,
  bounds,
  maxBytes,
}: PostgresRetryScheduleOptions): RetrySchedule {
  async function isFull(): Promise<boolean> {
    const { rows } = await database.query<{ bytes: number }>(BYTES);
    return rows[0]!.bytes > maxBytes;
  }

  return {
    held: (partition) => findCursor(database, partition),

    reset: (partition, cursor, nowMs) => reset(database, partition, cursor, nowMs),

    async apply(partition, at, changes, nextOffset, nowMs) {
      // What only removes makes room.
      if (changes.some(({ kind }) => kind === 'wait') && (await isFull())) {
        const held = await findCursor(database, partition);
        return isAt(held, at) ? { kind: 'full' } : { kind: 'stale', held };
      }
      return fenced(database, partition, at, (turn) => apply(turn, changes, nextOffset, nowMs, bounds));
    },

    async claim(partition, at, request) {
      // So that idle partitions cost no transaction.
      const { rows } = await database.query<{ nextAtMs: number | null }>(NEXT, [partition, request.nowMs]);
      const nextAtMs = rows[0]?.nextAtMs ?? null;
      const held = await findCursor(database, partition);
      const isDue = nextAtMs !== null && nextAtMs <= request.nowMs;
      if (isAt(held, at) && !isDue) return { kind: 'ok', value: { entries: [], nextAtMs } };
      return fenced(database, partition, at, (turn) => claim(turn, request, bounds));
    },

    markHandedOver: (partition, at, marks) => fenced(database, partition, at, (turn) => markHandedOver(turn, marks)),

    answered: (partition, at, committed, limit) =>
      fenced(database, partition, at, async ({ tx }) => {
        return (await tx.query<EntryRef>(ANSWERED, [partition, committed, limit])).rows;
      }),

    putBack: (partition, at, entries, nowMs) =>
      fenced(database, partition, at, (turn) => putBack(turn, entries, nowMs)),

    hold: (partition, at, webhookIds) => fenced(database, partition, at, (turn) => setHeld(turn, webhookIds, true)),
    release: (partition, at, webhookIds) => fenced(database, partition, at, (turn) => setHeld(turn, webhookIds, false)),

    holds: (partition, at) =>
      fenced(database, partition, at, async ({ tx }) => {
        const { rows } = await tx.query<{ webhookId: string }>(HOLDS, [partition]);
        return rows.map(({ webhookId }) => webhookId);
      }),

    async counts(partition) {
      const { rows } = await database.query<ScheduleCounts>(COUNTS, [partition]);
      return rows[0] ?? NOTHING;
    },

    backlog: (of) => findBacklog(database, of),
    check: (deadlineMs) => database.ping(deadlineMs),
    close: async () => {},
  };
}
