import { Unavailable } from '@hookline/domain';
import { Client, type ClientConfig } from 'pg';
import type { Database } from './database.ts';
import { LockHeld, sqlState, toDomainError } from './errors.ts';
import { createNamedLocks } from './named-locks.ts';
import type { ServerOptions } from './open.ts';
import { checkServerUrl } from './server-url.ts';
import { createSessions } from './sessions.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const MAX_TRANSACTION_MS = 30_000;
const MAX_WAITING = 1_000;

/** A PostgreSQL server behind a pool of connections, or a pooler in transaction mode before it. */
export function openPostgres({ url, poolSize = 10, applicationName }: ServerOptions): Database {
  const connection: ClientConfig = {
    connectionString: checkServerUrl(url),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    ...(applicationName === undefined ? {} : { application_name: applicationName }),
  };
  const sessions = createSessions(
    { ...connection, max: poolSize },
    {
      maxWaiting: MAX_WAITING,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      answerTimeoutMs: STATEMENT_TIMEOUT_MS + 5_000,
      maxTransactionMs: MAX_TRANSACTION_MS,
    },
  );
  // One connection for each name, however many callers in this process wait for it.
  const locks = createNamedLocks();

  async function holdOnServer<T>(name: string, waitMs: number, work: () => Promise<T>): Promise<T> {
    const client = new Client(connection);
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query(lockStatements(waitMs));
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
    } catch (error) {
      await client.end();
      if (sqlState(error) !== '55P03') throw toDomainError(error);
      throw new LockHeld(`the lock "${name}" was not free within ${waitMs} ms`, { cause: error });
    }
    try {
      const result = await work();
      // Fails when the connection, and with it the lock, was lost while the work ran.
      await client.query('COMMIT').catch((error: unknown) => {
        throw new Unavailable(`the lock "${name}" was lost while it was held`, { cause: error });
      });
      return result;
    } finally {
      await client.end();
    }
  }

  return {
    kind: 'postgres',
    ...sessions,
    async exclusively(name, waitMs, work) {
      const startedAt = performance.now();
      return locks.hold(name, waitMs, () =>
        holdOnServer(name, Math.max(1, waitMs - (performance.now() - startedAt)), work),
      );
    },
    async close() {
      await locks.idle();
      await sessions.close();
    },
  };
}

function lockStatements(waitMs: number): string {
  const wait = Math.ceil(waitMs);
  return `BEGIN; SET LOCAL lock_timeout = ${wait}; SET LOCAL statement_timeout = ${wait + 1_000};
    SET LOCAL idle_in_transaction_session_timeout = 0`;
}
