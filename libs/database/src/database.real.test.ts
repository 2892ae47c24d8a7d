import { Conflict, InvalidInput, Unavailable } from '@hookline/domain';
import { createTempDir, eventually, startPostgres, useRealParts, type TempDir } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeDatabase } from '../contract/database.contract.ts';
import { migrate, migrationStates, openDatabase, pendingMigrations, type Database } from './index.ts';

const parts = useRealParts({ postgres: true });
let temp: TempDir;
let folders = 0;
const newFolder = () => join(temp.path, String(++folders));

beforeAll(async () => {
  temp = await createTempDir('database');
});
afterAll(() => temp?.remove());

describeDatabase('PostgreSQL', { open: async () => openDatabase({ url: await parts.createDatabase() }) });
describeDatabase('PGlite', { open: () => openDatabase({ dataDir: newFolder() }) });

describe('a server', () => {
  test('exclusively holds between processes', async () => {
    const url = await parts.createDatabase();
    const [one, other] = [await openDatabase({ url }), await openDatabase({ url })];
    const { promise, resolve } = Promise.withResolvers<void>();
    const holder = one.exclusively('name', 1_000, () => promise);
    await delay(100);
    await expect(other.exclusively('name', 200, async () => {})).rejects.toBeInstanceOf(Unavailable);
    expect(await other.exclusively('other name', 200, async () => 'free')).toBe('free');
    const waiting = other.exclusively('name', 5_000, async () => 'mine now');
    resolve();
    await holder;
    expect(await waiting).toBe('mine now');
    await Promise.all([one.close(), other.close()]);
  });

  test('away: Unavailable, by the deadline; back: it works again by itself', async () => {
    const server = await startPostgres();
    const database = await openDatabase({ url: server.url });
    try {
      await database.query('CREATE TABLE t (v int)');
      const inFlight = database.query('SELECT pg_sleep(20)').catch((error: unknown) => error);
      const open = database.transaction(async (tx) => {
        await tx.query('INSERT INTO t VALUES (1)');
        await server.kill();
        // The process that serves this connection takes a moment to notice.
        for (let tries = 0; tries < 100; tries++) await tx.query('SELECT pg_sleep(0.05)');
      });
      await expect(open).rejects.toBeInstanceOf(Unavailable);
      expect(await inFlight).toBeInstanceOf(Unavailable);
      await eventually(() => expect(database.query('SELECT 1')).rejects.toBeInstanceOf(Unavailable));
      await expect(database.ping(500)).rejects.toBeInstanceOf(Unavailable);
      await expect(database.exclusively('x', 500, async () => {})).rejects.toBeInstanceOf(Unavailable);
      await server.start();
      await eventually(() => database.ping(1_000));
      expect((await database.query('SELECT count(*) FROM t')).rows).toEqual([{ count: 0 }]);
    } finally {
      await database.close();
      await server.stop();
    }
  }, 60_000);

  test('a bad URL is refused without repeating it', async () => {
    await expect(openDatabase({ url: 'localhost:5432/secret' })).rejects.toBeInstanceOf(InvalidInput);
    await expect(openDatabase({ url: 'http://user:secret@host' })).rejects.not.toThrow('secret');
  });
});

describe('a folder', () => {
  test('has one holder; it is free again after close, and after the holder was killed', async () => {
    const dataDir = newFolder();
    const first = await openDatabase({ dataDir });
    const refused = await openDatabase({ dataDir }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Conflict);
    expect(String(refused)).toContain(dataDir);
    expect(String(refused)).toContain(String(process.pid));
    await first.query('CREATE TABLE acknowledged (id int8 PRIMARY KEY, payload bytea)');
    await first.close();

    const child = startWriter(dataDir);
    await once(child, 'message');
    const held: unknown = await openDatabase({ dataDir }).catch((error: unknown) => error);
    expect(held).toBeInstanceOf(Conflict);
    expect(String(held)).toContain(String(child.pid));
    child.kill('SIGKILL');
    await once(child, 'exit');
    // What is left names a process that is gone; that another has its pid by now must not matter.
    await writeFile(join(dataDir, 'lock.pid'), `${process.ppid} on somewhere\n`);
    const second = await openDatabase({ dataDir });
    await second.close();
  }, 60_000);

  test('keeps what was acknowledged when the process is killed', async () => {
    const dataDir = newFolder();
    const setUp = await openDatabase({ dataDir });
    await setUp.query('CREATE TABLE acknowledged (id int8 PRIMARY KEY, payload bytea)');
    await setUp.close();
    const acknowledged = new Set<number>();
    for (let round = 0; round < 4; round++) {
      const child = startWriter(dataDir);
      child.on('message', (id) => acknowledged.add(Number(id)));
      const before = acknowledged.size;
      await eventually(() => expect(acknowledged.size).toBeGreaterThan(before + 20));
      await delay(Math.random() * 300);
      child.kill('SIGKILL');
      await once(child, 'close');
      const database = await openDatabase({ dataDir });
      const { rows } = await database.query<{ id: number }>('SELECT id FROM acknowledged');
      const found = new Set(rows.map(({ id }) => id));
      expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
      await database.close();
    }
  }, 120_000);

  test('whose first start was interrupted is made anew', async () => {
    const dataDir = newFolder();
    await mkdir(join(dataDir, 'pglite.partial', 'base'), { recursive: true });
    await writeFile(join(dataDir, 'pglite.partial', 'PG_VERSION'), '17\n');
    const database = await openDatabase({ dataDir });
    await database.ping(1_000);
    await database.close();
  }, 60_000);

  test('that cannot be written to is named', async () => {
    await writeFile(join(temp.path, 'file'), '');
    const dataDir = join(temp.path, 'file', 'data');
    const refused: unknown = await openDatabase({ dataDir }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidInput);
    expect(String(refused)).toContain(dataDir);
  });
});

describe('closing', () => {
  test.each(['a server', 'a folder'])(
    '%s leaves nothing behind; waits for what is under way; may be repeated',
    async (kind) => {
      const before = openResources();
      const database = await openDatabase(
        kind === 'a server' ? { url: await parts.createDatabase() } : { dataDir: newFolder() },
      );
      await database.query('CREATE TABLE t (v int)');
      const underWay = database.transaction(async (tx) => {
        await delay(50);
        await tx.query('INSERT INTO t VALUES (1)');
        return 'done';
      });
      await Promise.all([database.close(), database.close()]);
      expect(await underWay).toBe('done');
      await expect(database.query('SELECT 1')).rejects.toBeInstanceOf(Unavailable);
      await expect(database.exclusively('x', 100, () => database.query('SELECT 1'))).rejects.toBeInstanceOf(
        Unavailable,
      );
      await eventually(() => {
        const after = openResources();
        for (const [name, count] of Object.entries(after))
          expect([name, count <= (before[name] ?? 0)]).toEqual([name, true]);
      });
    },
    60_000,
  );
});

describe('migrations', () => {
  let folder: string;
  let databases: Database[];

  beforeAll(async () => {
    folder = join(temp.path, 'migrations');
    await mkdir(folder);
    const url = await parts.createDatabase();
    databases = [
      await openDatabase({ url }),
      await openDatabase({ url }),
      await openDatabase({ dataDir: newFolder() }),
    ];
  }, 60_000);
  afterAll(() => Promise.all((databases ?? []).map((database) => database.close())));

  test('are applied in order, once, whoever comes first', async () => {
    await writeFile(join(folder, '0002-second.sql'), 'INSERT INTO m VALUES (2); INSERT INTO m VALUES (3);');
    await writeFile(join(folder, '0001-first.sql'), `CREATE TABLE m (v int); -- a comment; with a semicolon\n`);
    for (const database of databases) {
      if (database === databases[1]) continue;
      expect(await pendingMigrations(database, folder)).toEqual(['0001-first', '0002-second']);
    }
    const applied = await Promise.all(databases.map((database) => migrate(database, folder)));
    expect(applied[2]).toEqual(['0001-first', '0002-second']);
    expect([...(applied[0] ?? []), ...(applied[1] ?? [])]).toEqual(['0001-first', '0002-second']);
    for (const database of databases) {
      expect((await database.query('SELECT v FROM m ORDER BY v')).rows).toEqual([{ v: 2 }, { v: 3 }]);
      expect(await migrate(database, folder)).toEqual([]);
      expect(await pendingMigrations(database, folder)).toEqual([]);
    }
  });

  test('show which were applied, are to be, and came from a newer version', async () => {
    const third = join(folder, '0003-third.sql');
    await writeFile(third, 'INSERT INTO m VALUES (4);');
    await rename(join(folder, '0002-second.sql'), join(temp.path, '0002-second.sql'));
    for (const database of databases) {
      expect(await migrationStates(database, folder)).toEqual([
        { version: 1, name: '0001-first', state: 'applied', appliedAt: expect.any(Date) },
        { version: 2, name: '0002-second', state: 'unknown', appliedAt: expect.any(Date) },
        { version: 3, name: '0003-third', state: 'pending', appliedAt: null },
      ]);
    }
    await rename(join(temp.path, '0002-second.sql'), join(folder, '0002-second.sql'));
    await rm(third);
  });

  test('one that fails leaves nothing of itself and is named', async () => {
    await writeFile(join(folder, '0003-third.sql'), 'INSERT INTO m VALUES (4); INSERT INTO nowhere VALUES (1);');
    for (const database of [databases[0], databases[2]] as Database[]) {
      await expect(migrate(database, folder)).rejects.toThrow('0003-third');
      expect((await database.query('SELECT count(*) FROM m')).rows).toEqual([{ count: 2 }]);
      expect(await pendingMigrations(database, folder)).toEqual(['0003-third']);
    }
    await rm(join(folder, '0003-third.sql'));
  });

  test('one that was changed after it had been applied is refused', async () => {
    const text = await readFile(join(folder, '0001-first.sql'), 'utf8');
    await writeFile(join(folder, '0001-first.sql'), `${text}-- changed`);
    for (const database of databases) {
      await expect(migrate(database, folder)).rejects.toBeInstanceOf(Conflict);
      expect(await migrationStates(database, folder)).toMatchObject([{ state: 'changed' }, { state: 'applied' }]);
    }
  });
});

/** A process that writes rows and reports each one once it is acknowledged. */
function startWriter(dataDir: string) {
  return fork(join(import.meta.dirname, '..', 'contract', 'writer.ts'), [dataDir], { execArgv: [] });
}

function openResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (/Timeout|TCP|Pipe|MessagePort|Worker/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
