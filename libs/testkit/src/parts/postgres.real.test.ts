import { afterEach, describe, expect, test } from '@jest/globals';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { isAlive } from './cache.ts';
import { createDatabase, dropDatabase, ensureTemplate } from './databases.ts';
import { startPostgres, type PostgresOptions, type PostgresPart } from './postgres.ts';
import { createTempDir } from './temp-dir.ts';
import { uniqueName } from './unique-name.ts';

const open: { stop: () => Promise<void> }[] = [];

async function start(options?: PostgresOptions): Promise<PostgresPart> {
  const part = await startPostgres(options);
  open.push(part);
  return part;
}

async function query(url: string, text: string): Promise<unknown[][]> {
  const client = new Client({ connectionString: url });
  // Killing the server under an open connection is part of these tests.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part.stop();
});

describe('PostgreSQL', () => {
  test('keeps what was committed over kill -9 with connections open, and leaves nothing', async () => {
    const postgres = await start();
    await query(postgres.url, 'CREATE TABLE t AS SELECT 42 AS n');
    const idle = new Client({ connectionString: postgres.url });
    idle.on('error', () => {});
    await idle.connect();
    const firstPid = postgres.pid;
    await postgres.kill();
    expect(postgres.running).toBe(false);
    await postgres.start();
    expect(postgres.pid).not.toBe(firstPid);
    expect(await query(postgres.url, 'SELECT n FROM t')).toEqual([[42]]);
    await idle.end().catch(() => {});
    await postgres.stop();
    await postgres.stop();
    expect([isAlive(postgres.pid), existsSync(postgres.dataDir)]).toEqual([false, false]);
  });

  test('sorts and compares text the same on every machine', async () => {
    const { url } = await start();
    expect(
      await query(
        url,
        "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'postgres'",
      ),
    ).toEqual([['b', 'C.UTF-8', 'UTF8']]);
  });

  test('data that are kept are synced to the disk and there at the next start', async () => {
    const folder = await createTempDir('hookline-test');
    open.push({ stop: folder.remove });
    const first = await start({ dataDir: folder.path });
    expect(await query(first.url, 'SHOW fsync')).toEqual([['on']]);
    await query(first.url, 'CREATE TABLE t AS SELECT 7 AS n');
    await first.stop();
    const second = await start({ dataDir: folder.path });
    expect(await query(second.url, 'SELECT n FROM t')).toEqual([[7]]);
  });

  test('runs where only this user may enter', async () => {
    const folder = await createTempDir('hookline-test');
    open.push({ stop: folder.remove });
    chmodSync(folder.path, 0o700);
    const postgres = await start({ dataDir: join(folder.path, 'private', 'data') });
    await postgres.kill();
    await postgres.start();
    expect(await query(postgres.url, 'SELECT 1')).toEqual([[1]]);
  });

  test('databases: fresh, cloned from a template that is filled once, dropped under open connections', async () => {
    const { url } = await start();
    const template = uniqueName('template');
    let fills = 0;
    const fill = async (unfinished: string) => {
      fills += 1;
      await query(unfinished, 'CREATE TABLE t AS SELECT 1 AS n');
    };
    await Promise.all([1, 2, 3].map(() => ensureTemplate(url, template, fill)));
    const clones = await Promise.all([1, 2].map(() => createDatabase(url, template)));
    expect([fills, new Set(clones).size]).toEqual([1, 2]);
    await query(clones[0]!, 'DELETE FROM t');
    expect(await query(clones[1]!, 'SELECT n FROM t')).toEqual([[1]]);

    const connected = new Client({ connectionString: clones[0]! });
    const broken = new Promise((resolve) => connected.on('error', resolve));
    await connected.connect();
    await dropDatabase(clones[0]!);
    await broken;
    expect(await query(url, "SELECT count(*)::int FROM pg_database WHERE datname LIKE 'test%'")).toEqual([[1]]);
  });

  test('a template whose filling fails leaves no half-filled database', async () => {
    const { url } = await start();
    await expect(ensureTemplate(url, 'broken', () => Promise.reject(new Error('bad migration')))).rejects.toThrow(
      'bad migration',
    );
    expect(await query(url, 'SELECT datname::text FROM pg_database WHERE NOT datistemplate')).toEqual([['postgres']]);
  });
});
