import { answering, sqlState, type Database, type Parameter } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import { within } from '@hookline/service-kit';

/** Statements that answer somebody: none takes longer than its deadline, for whoever asked and for the database. */
export interface Reader {
  /** Rejects with Unavailable when the database doesn't answer in time, code `search_too_slow` where it was at work. */
  all<Row>(sql: string, parameters: readonly Parameter[]): Promise<Row[]>;
  one<Row>(sql: string, parameters: readonly Parameter[]): Promise<Row | null>;
}

/** The database gives up before. */
const DEADLINE_MS = 1_800;
const RETRY_AFTER_MS = 2_000;
/** Of a statement that was cancelled. */
const CANCELLED = '57014';

export function createReader(database: Database): Reader {
  const reading = answering(database);

  async function all<Row>(sql: string, parameters: readonly Parameter[]): Promise<Row[]> {
    try {
      return (await within(DEADLINE_MS, 'the database', reading.query<Row>(sql, parameters))).rows;
    } catch (error) {
      throw error instanceof Unavailable && sqlState(error.cause) === CANCELLED ? tooSlow(error) : error;
    }
  }

  return {
    all,
    one: async <Row>(sql: string, parameters: readonly Parameter[]) => (await all<Row>(sql, parameters))[0] ?? null,
  };
}

function tooSlow(cause: Unavailable): Unavailable {
  const detail =
    'The log took too long to answer. Ask again, or for less: a shorter time (`after`, `before`), a smaller `limit`, or by what is rare, as an id.';
  return new Unavailable(detail, { code: 'search_too_slow', retryAfterMs: RETRY_AFTER_MS, cause });
}
