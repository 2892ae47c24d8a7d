import { Unavailable } from '@hookline/domain';
import { createTempDir, eventually, useRealParts, type TempDir } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PoolConfig } from 'pg';
import { maintain } from './pglite-maintenance.ts';
import { supervise } from './pglite-supervisor.ts';
import { startPgliteThread, type PgliteThread } from './pglite-thread.ts';
import { createSessions, type Sessions } from './sessions.ts';

const parts = useRealParts({ postgres: true });
let folder: TempDir;
let thread: PgliteThread;
let configs: Record<string, PoolConfig>;

const startThread = () => startPgliteThread({ folder: folder.path, startParameters: [] });

beforeAll(async () => {
  folder = await createTempDir('sessions');
  thread = await startThread();
  const pglite = { stream: () => thread.openSession(), ssl: false, user: 'postgres', database: 'postgres' };
  configs = { PostgreSQL: { connectionString: await parts.createDatabase() }, PGlite: pglite };
}, 60_000);

afterAll(async () => {
  await thread?.close();
  await folder?.remove();
});

describe.each(['PostgreSQL', 'PGlite'])('one session of %s', (kind) => {
  let sessions: Sessions;

  beforeAll(async () => {
    const limits = { maxWaiting: 3, answerTimeoutMs: 2_000, maxTransactionMs: 200 };
    sessions = createSessions({ ...configs[kind], max: 1 }, limits);
    await sessions.query('CREATE TABLE t (v int)');
  });
  afterAll(() => sessions?.close());

  test('a transaction left open for too long is rolled back, and who waits gets the session', async () => {
    const { promise: never } = Promise.withResolvers<void>();
    let later: Promise<unknown> | undefined;
    const forgotten = sessions.transaction(async (tx) => {
      await tx.query('INSERT INTO t VALUES (1)');
      later = sessions.query('SELECT count(*) FROM t').then(({ rows }) => rows);
      await never;
    });
    await expect(forgotten).rejects.toBeInstanceOf(Unavailable);
    expect(await later).toEqual([{ count: 0 }]);
    expect(await sessions.transaction((tx) => tx.query('SELECT 1 AS one'))).toEqual({
      rows: [{ one: 1 }],
      rowCount: 1,
    });
  });

  test('one that may take longer, and a statement in it, do', async () => {
    const long = () => sessions.transaction((tx) => tx.query(`SELECT pg_sleep(2.5), 1 AS one`), 30_000);
    expect((await long()).rows).toMatchObject([{ one: 1 }]);
    await expect(sessions.transaction((tx) => tx.query('SELECT pg_sleep(1)'))).rejects.toBeInstanceOf(Unavailable);
  }, 30_000);

  test('its late statements change nothing', async () => {
    const { promise: gate, resolve } = Promise.withResolvers<void>();
    let late: Promise<unknown> | undefined;
    const forgotten = sessions.transaction(async (tx) => {
      await gate;
      late = tx.query('INSERT INTO t VALUES (2)').catch((error: unknown) => error);
      await late;
    });
    await expect(forgotten).rejects.toBeInstanceOf(Unavailable);
    resolve();
    await gate;
    expect(await late).toBeInstanceOf(Error);
    expect((await sessions.query('SELECT count(*) FROM t')).rows).toEqual([{ count: 0 }]);
  });

  test('at most so many wait', async () => {
    const { promise: gate, resolve } = Promise.withResolvers<void>();
    const holder = sessions.transaction(() => gate);
    await new Promise(setImmediate);
    const waiting = Array.from({ length: 5 }, () => sessions.query('SELECT 1'));
    const answers = Promise.allSettled(waiting);
    await expect(waiting[4]).rejects.toThrow('wait for the database already');
    resolve();
    await holder;
    expect((await answers).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
  });
});

test('maintenance of PGlite bounds the log and gives back the space of dead rows', async () => {
  const limits = { maxWaiting: 3, answerTimeoutMs: 30_000, maxTransactionMs: 30_000 };
  const sessions = createSessions({ ...configs['PGlite'], max: 1 }, limits);
  const number = async (sql: string) => (await sessions.query<{ n: number }>(sql)).rows[0]?.n;
  const logBytes =
    'SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::int8 AS n FROM pg_control_checkpoint()';
  const deadRows = "SELECT n_dead_tup AS n FROM pg_stat_user_tables WHERE relname = 'big'";
  try {
    await sessions.query('CREATE TABLE big (v bytea)');
    await sessions.query('ALTER TABLE big ALTER COLUMN v SET STORAGE EXTERNAL');
    await sessions.query('INSERT INTO big SELECT $1::bytea FROM generate_series(1, 12000)', [Buffer.alloc(6_000)]);
    await sessions.query('DELETE FROM big');
    expect(await number(logBytes)).toBeGreaterThan(64 * 1024 * 1024);
    // The counts of rows are told once a second.
    await eventually(async () => expect(await number(deadRows)).toBe(12_000));
    await maintain(sessions);
    expect(await number(logBytes)).toBeLessThan(1024 * 1024);
    await eventually(async () => expect(await number(deadRows)).toBe(0));
  } finally {
    await sessions.close();
  }
}, 60_000);

test('a thread of PGlite that dies is replaced, and what was acknowledged is there', async () => {
  await thread.close();
  const first = await startThread();
  const supervisor = supervise(first, startThread);
  const limits = { maxWaiting: 3, answerTimeoutMs: 5_000, maxTransactionMs: 5_000 };
  const config = { ...configs['PGlite'], stream: () => supervisor.openSession(), max: 1 };
  const sessions = createSessions(config, limits);
  try {
    await sessions.query('CREATE TABLE kept (v int)');
    await sessions.query('INSERT INTO kept VALUES (1)');
    const underWay = sessions.query('SELECT count(*) FROM generate_series(1, 100000000)');
    const failed = expect(underWay).rejects.toBeInstanceOf(Unavailable);
    await first.kill();
    await failed;
    await expect(sessions.query('SELECT 1')).rejects.toBeInstanceOf(Unavailable);
    await eventually(async () => expect((await sessions.query('SELECT v FROM kept')).rows).toEqual([{ v: 1 }]));
  } finally {
    await sessions.close();
    await supervisor.close();
  }
}, 60_000);
