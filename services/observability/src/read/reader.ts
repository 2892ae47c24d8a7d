import { answering, sqlState, type Database, type Parameter } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import { within } from '@hookline/service-kit';

/** Statements that answer somebody: none takes longer than its deadline, for whoever asked and for the database. */
export interface Reader {
  /**
   * Rejects with Unavailable when the database doesn't answer in time, code `search_too_slow` where it was at work.
   * @param deadlineMs where it is to be sooner than for any statement
   */
  all<Row>(sql: string, parameters: readonly Parameter[], deadlineMs?: number): Promise<Row[]>;
  one<Row>(sql: string, parameters: readonly Parameter[], deadlineMs?: number): Promise<Row | null>;
}

const DEADLINE_MS = 1_800;
/** Of the deadline; the database gives up before it, and so can say that it was at work. */
const SHARE_OF_STATEMENT = 5 / 6;
const RETRY_AFTER_MS = 2_000;
/** Of a statement that was cancelled. */
const CANCELLED = '57014';

export function createReader(database: Database): Reader {
  async function all<Row>(sql: string, parameters: readonly Parameter[], deadlineMs = DEADLINE_MS): Promise<Row[]> {
    const reading = answering(database, deadlineMs * SHARE_OF_STATEMENT);
    try {
      return (await within(deadlineMs, 'the database', reading.query<Row>(sql, parameters))).rows;
    } catch (error) {
      throw error instanceof Unavailable && sqlState(error.cause) === CANCELLED ? tooSlow(error) : error;
    }
  }

  return {
    all,
    one: async <Row>(sql: string, parameters: readonly Parameter[], deadlineMs?: number) =>
      (await all<Row>(sql, parameters, deadlineMs))[0] ?? null,
  };
}

/** For several statements, one after the other, that answer one request: all of them together have the time of one. */
export function withOneDeadline(reader: Reader): Reader {
  const endsAt = performance.now() + DEADLINE_MS;
  const left = (mostMs = DEADLINE_MS) => Math.min(mostMs, endsAt - performance.now());
  return {
    all: (sql, parameters, deadlineMs) => reader.all(sql, parameters, left(deadlineMs)),
    one: (sql, parameters, deadlineMs) => reader.one(sql, parameters, left(deadlineMs)),
  };
}

function tooSlow(cause: Unavailable): Unavailable {
  const detail =
    'The log took too long to answer. Ask again, or for less: a shorter time (`after`, `before`), a smaller `limit`, or by what is rare, as an id.';
  return new Unavailable(detail, { code: 'search_too_slow', retryAfterMs: RETRY_AFTER_MS, cause });
}
