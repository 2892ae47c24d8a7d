import type { Database, Parameter } from '@hookline/database';
import { within } from '@hookline/service-kit';

/** Statements that answer somebody: none takes longer than its deadline, for whoever asked and for the database. */
export interface Reader {
  /** Rejects with Unavailable when the database doesn't answer in time. */
  all<Row>(sql: string, parameters: readonly Parameter[]): Promise<Row[]>;
  one<Row>(sql: string, parameters: readonly Parameter[]): Promise<Row | null>;
}

const DEADLINE_MS = 1_800;
/** The database gives up before: what nobody waits for any more must not go on there. */
const STATEMENT_TIMEOUT_MS = 1_500;

export function createReader(database: Database): Reader {
  async function read<Row>(sql: string, parameters: readonly Parameter[]): Promise<Row[]> {
    // PGlite computes in one thread, which no timeout interrupts.
    if (database.kind === 'pglite') return (await database.query<Row>(sql, parameters)).rows;
    return database.transaction(async (tx) => {
      await tx.query(`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
      return (await tx.query<Row>(sql, parameters)).rows;
    });
  }

  const all = <Row>(sql: string, parameters: readonly Parameter[]) =>
    within(DEADLINE_MS, 'the database', read<Row>(sql, parameters));
  return {
    all,
    one: async <Row>(sql: string, parameters: readonly Parameter[]) => (await all<Row>(sql, parameters))[0] ?? null,
  };
}
