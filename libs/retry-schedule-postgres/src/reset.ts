import type { Database } from '@hookline/database';
import type { Cursor } from '@hookline/retry-schedule';

/* The first parameter is the partition. */

/** $2 incarnation, $3 offset, $4 now */
const BEGIN = `
  INSERT INTO retry_cursors (partition, incarnation, "offset", applied_at_ms, clearing) VALUES ($1, $2, $3, $4, true)
  ON CONFLICT (partition) DO UPDATE SET incarnation = $2, "offset" = $3, applied_at_ms = $4, clearing = true,
    line = 0, waiting = 0, excess = 0, claimed = 0, handed_over = 0, bytes = 0`;

/** $2 incarnation */
const LOCK = 'SELECT FROM retry_cursors WHERE partition = $1 AND incarnation = $2 AND clearing FOR UPDATE';

/** $2 at most */
const CLEAR = [
  ['retry_entries', 'delivery_id'],
  ['retry_webhooks', 'webhook_id'],
  ['retry_usage', 'owner'],
].map(
  ([table, key]) => `
  DELETE FROM ${table} WHERE partition = $1 AND ${key} = ANY (ARRAY(SELECT ${key} FROM ${table} WHERE partition = $1 LIMIT $2))`,
);

const END = 'UPDATE retry_cursors SET clearing = false WHERE partition = $1';

const ROWS_PER_STEP = 5_000;

/** Each step is a short transaction. Where somebody else begins the partition again meanwhile, that one goes on and this one ends. */
export async function reset(
  database: Database,
  partition: number,
  { incarnation, offset }: Cursor,
  nowMs: number,
): Promise<void> {
  await database.query(BEGIN, [partition, incarnation, offset, nowMs]);
  for (;;) {
    const isOver = await database.transaction(async (tx) => {
      if ((await tx.query(LOCK, [partition, incarnation])).rowCount === 0) return true;
      let removed = 0;
      for (const clear of CLEAR) removed += (await tx.query(clear, [partition, ROWS_PER_STEP])).rowCount;
      if (removed === 0) await tx.query(END, [partition]);
      return removed === 0;
    });
    if (isOver) return;
  }
}
