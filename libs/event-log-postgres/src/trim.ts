import type { Database } from '@hookline/database';
import { setTimeout as delay } from 'node:timers/promises';

const STEP_RECORDS = 1_000;
/** Others are let in between two steps. */
const PAUSE_MS = 20;

interface PartitionRow {
  topic_id: number;
  partition: number;
  cleanup: 'delete' | 'compact';
  retention_ms: number;
}

export interface TrimOptions {
  database: Database;
  /** Names this process among those that share the database. */
  owner: string;
  everyMs: number;
  failed: (error: unknown) => void;
}

export interface Trimming {
  close(): Promise<void>;
}

/** Trims from time to time, in one of the processes at a time. */
export function startTrimming({ database, owner, everyMs, failed }: TrimOptions): Trimming {
  const controller = new AbortController();
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= (async () => {
      if (await takeTurn(database, owner, everyMs * 3)) await trim(database, { signal: controller.signal });
    })()
      .catch(failed)
      .finally(() => (running = undefined));
  }, everyMs);
  return {
    async close() {
      clearInterval(timer);
      controller.abort();
      await running;
    },
  };
}

async function takeTurn(database: Database, owner: string, forMs: number): Promise<boolean> {
  const { rowCount } = await database.query(
    `UPDATE log_chores SET owner = $1, expires_at = clock_timestamp() + $2 * interval '1 millisecond'
     WHERE name = 'trim' AND (owner = $1 OR expires_at < clock_timestamp())`,
    [owner, forMs],
  );
  return rowCount > 0;
}

/**
 * Removes what is past its time: records older than their topic's retention; in compacted topics all but the last of each key, and
 * tombstones older than the retention. Whether they were consumed doesn't matter. Many small transactions.
 */
export async function trim(database: Database, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
  const { rows } = await database.query<PartitionRow>(
    `SELECT p.topic_id, p.partition, t.cleanup, t.retention_ms
     FROM log_partitions p JOIN log_topics t USING (topic_id)
     WHERE p.next_offset > p.start_offset ORDER BY p.topic_id, p.partition`,
  );
  for (const { topic_id: topicId, partition, cleanup, retention_ms: retentionMs } of rows) {
    const step = cleanup === 'compact' ? 'log_compact' : 'log_trim';
    for (;;) {
      if (signal?.aborted === true) return;
      const { rows: answer } = await database.query<{ count: number }>(
        `SELECT ${step}($1::smallint, $2::int, log_now_ms() - $3::int8, $4::int) AS count`,
        [topicId, partition, retentionMs, STEP_RECORDS],
      );
      if ((answer[0]?.count ?? 0) < STEP_RECORDS) break;
      await delay(PAUSE_MS);
    }
  }
}
