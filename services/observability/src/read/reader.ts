import { answering, type Database, type Parameter } from '@hookline/database';
import { within } from '@hookline/service-kit';

/** Statements that answer somebody: none takes longer than its deadline, for whoever asked and for the database. */
export interface Reader {
  /** Rejects with Unavailable when the database doesn't answer in time. */
  all<Row>(sql: string, parameters: readonly Parameter[]): Promise<Row[]>;
  one<Row>(sql: string, parameters: readonly Parameter[]): Promise<Row | null>;
}

/** The database gives up before. */
const DEADLINE_MS = 1_800;

export function createReader(database: Database): Reader {
  const reading = answering(database);
  const all = async <Row>(sql: string, parameters: readonly Parameter[]) =>
    (await within(DEADLINE_MS, 'the database', reading.query<Row>(sql, parameters))).rows;
  return {
    all,
    one: async <Row>(sql: string, parameters: readonly Parameter[]) => (await all<Row>(sql, parameters))[0] ?? null,
  };
}
