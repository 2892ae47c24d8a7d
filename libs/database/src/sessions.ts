import { Unavailable } from '@hookline/domain';
import { Pool, type PoolClient, type PoolConfig, type QueryConfig, type QueryResult } from 'pg';
import type { Parameter, Queryable, Result } from './database.ts';
import { withDeadline } from './deadline.ts';
import { leavesConnectionUsable, refusesStartupParameter, toDomainError } from './errors.ts';
import { toWire, valueTypes } from './values.ts';

/** Statements and transactions on a bounded set of sessions. Both kinds of database are this, over another transport. */
export interface Sessions extends Queryable {
  transaction<T>(work: (tx: Queryable) => Promise<T>, maxMs?: number): Promise<T>;
  ping(deadlineMs: number): Promise<void>;
  /** Refuses what comes from now on, waits for what is under way. Idempotent. */
  close(): Promise<void>;
}

export interface SessionLimits {
  /** How many statements and transactions may wait for a session. */
  maxWaiting: number;
  /** After which the server ends a statement; behind a pooler one of a transaction only. */
  statementTimeoutMs?: number;
  /** For a server that doesn't answer at all. */
  answerTimeoutMs: number;
  maxTransactionMs: number;
}

interface Session {
  client: PoolClient;
  usable: boolean;
}

const TOO_LONG = 'a transaction was open for too long and is rolled back';

export function createSessions(poolConfig: PoolConfig, limits: SessionLimits): Sessions {
  const { statementTimeoutMs } = limits;
  const pool = new Pool({
    ...poolConfig,
    ...(statementTimeoutMs !== undefined && { statement_timeout: statementTimeoutMs }),
    types: valueTypes,
  });
  // What a transaction begins with where the session doesn't have the timeout already.
  let ownTimeoutMs: number | undefined;
  // A connection that dies while nobody uses it is replaced; who uses one hears of it from the statement.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  let underWay = 0;
  let closing: Promise<void> | undefined;
  let idle: (() => void) | undefined;

  /**
   * A pooler in transaction mode, whose sessions are everybody's, lets nobody in who brings a setting along (PgBouncer, unless told to ignore it). Then
   * each transaction brings it. A single statement has no timeout at the server, unless the role has one (docs/deployment.md): at its deadline this
   * client gives it up and drops the connection, and the server may go on with it.
   */
  async function connect(): Promise<PoolClient> {
    try {
      return await pool.connect();
    } catch (error) {
      if (statementTimeoutMs === undefined || !refusesStartupParameter(error)) throw error;
      pool.options.statement_timeout = 0;
      ownTimeoutMs = statementTimeoutMs;
      return pool.connect();
    }
  }

  /** Runs `work` on a session of its own and gives it back, or throws it away when its state isn't known. */
  async function onSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (closing !== undefined) throw new Unavailable('the database is closed');
    if (pool.waitingCount >= limits.maxWaiting) {
      throw new Unavailable(`${limits.maxWaiting} statements wait for the database already`);
    }
    underWay++;
    try {
      const client = await connect().catch(rethrow);
      const session: Session = { client, usable: true };
      try {
        return await work(session);
      } finally {
        client.release(!session.usable);
      }
    } finally {
      underWay--;
      if (underWay === 0) idle?.();
    }
  }

  async function run(
    session: Session,
    sql: string,
    parameters?: readonly Parameter[],
    answerTimeoutMs = limits.answerTimeoutMs,
  ): Promise<QueryResult> {
    try {
      // Several statements in one query (of a migration) have several results.
      const statement: QueryConfig & { query_timeout: number } = {
        text: sql,
        query_timeout: answerTimeoutMs,
        ...(parameters === undefined ? {} : { values: parameters.map(toWire) }),
      };
      const results: QueryResult | QueryResult[] = await session.client.query(statement);
      return [results].flat().at(-1) as QueryResult;
    } catch (error) {
      session.usable &&= leavesConnectionUsable(error);
      return rethrow(error);
    }
  }

  async function query<Row>(
    session: Session,
    sql: string,
    parameters?: readonly Parameter[],
    answerTimeoutMs?: number,
  ): Promise<Result<Row>> {
    const { rows, rowCount } = await run(session, sql, parameters, answerTimeoutMs);
    return { rows: rows as Row[], rowCount: rowCount ?? 0 };
  }

  function transaction<T>(work: (tx: Queryable) => Promise<T>, maxMs = limits.maxTransactionMs): Promise<T> {
    const isLong = maxMs > limits.maxTransactionMs;
    const answerTimeoutMs = isLong ? maxMs + limits.answerTimeoutMs : limits.answerTimeoutMs;
    return onSession(async (session) => {
      const timeoutMs = isLong ? maxMs : ownTimeoutMs;
      await run(session, timeoutMs === undefined ? 'BEGIN' : `BEGIN; SET LOCAL statement_timeout = ${timeoutMs}`);
      let open = true;
      const tx: Queryable = {
        async query<Row>(sql: string, parameters?: readonly Parameter[]): Promise<Result<Row>> {
          if (!open) throw new Error('the transaction has ended');
          return query<Row>(session, sql, parameters, answerTimeoutMs);
        },
      };
      try {
        const result = await withDeadline(work(tx), maxMs, TOO_LONG, () => {
          session.usable = false;
        });
        open = false;
        // COMMIT of a transaction in which a statement failed is answered, politely, by ROLLBACK.
        const { command } = await run(session, 'COMMIT');
        if (command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement in it had failed');
        return result;
      } catch (error) {
        if (open && session.usable) await run(session, 'ROLLBACK').catch(() => {});
        open = false;
        throw error;
      }
    });
  }

  return {
    query: <Row>(sql: string, parameters?: readonly Parameter[]) =>
      onSession((session) => query<Row>(session, sql, parameters)),
    transaction,
    async ping(deadlineMs) {
      const answer = onSession((session) => run(session, 'SELECT 1'));
      await withDeadline(answer, deadlineMs, `the database did not answer within ${deadlineMs} ms`);
    },
    close() {
      closing ??= (async () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        idle = resolve;
        if (underWay === 0) resolve();
        await promise;
        await pool.end();
      })();
      return closing;
    },
  };
}

function rethrow(error: unknown): never {
  throw toDomainError(error);
}
