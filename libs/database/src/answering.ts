import type { Database, Queryable } from './database.ts';

/** Whoever asks the service waits hardly longer: what nobody waits for any more must not go on in the database. */
const STATEMENT_TIMEOUT_MS = 1_500;

/** For statements that answer somebody: the database gives each of them up after 1.5 s, or sooner. */
export function answering(database: Database, timeoutMs = STATEMENT_TIMEOUT_MS): Queryable {
  // Zero would be none.
  const timeout = Math.max(1, Math.min(STATEMENT_TIMEOUT_MS, Math.floor(timeoutMs)));
  // PGlite computes in one thread, which no timeout interrupts.
  if (database.kind === 'pglite') return database;
  return {
    query: (sql, parameters) =>
      database.transaction(async (tx) => {
        await tx.query(`SET LOCAL statement_timeout = ${timeout}`);
        return tx.query(sql, parameters);
      }),
  };
}
