import type { Queryable } from './database.ts';

/*
 * A server has processes that write checkpoints and vacuum; PGlite is a single process without them. Left alone its log would grow
 * (and with it the time to start after a crash), and so would its tables.
 */

const TICK_MS = 5_000;
const CHECKPOINT_AFTER_BYTES = 64 * 1024 * 1024;
const VACUUM_AFTER_DEAD_ROWS = 5_000;

export interface PgliteMaintenance {
  close(): Promise<void>;
}

export function startPgliteMaintenance(database: Queryable): PgliteMaintenance {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    // What fails now (the database may be going away) is tried at the next tick.
    running ??= maintain(database)
      .catch(() => {})
      .finally(() => (running = undefined));
  }, TICK_MS);
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}

/** One round: a checkpoint if the log has grown by much, and the table that needs it most is vacuumed. */
export async function maintain(database: Queryable): Promise<void> {
  const dirty = await database.query<{ table_name: string }>(
    `SELECT format('%I.%I', schemaname, relname) AS table_name FROM pg_stat_user_tables
     WHERE n_dead_tup > $1 + 0.1 * n_live_tup ORDER BY n_dead_tup DESC LIMIT 1`,
    [VACUUM_AFTER_DEAD_ROWS],
  );
  // Before the checkpoint: after it the log would get a whole copy of each page that is vacuumed.
  for (const { table_name: table } of dirty.rows) await database.query(`VACUUM (ANALYZE) ${table}`);
  const { rows } = await database.query<{ log_bytes: number }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::int8 AS log_bytes FROM pg_control_checkpoint()`,
  );
  if ((rows[0]?.log_bytes ?? 0) > CHECKPOINT_AFTER_BYTES) await database.query('CHECKPOINT');
}
