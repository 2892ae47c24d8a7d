import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { startSharedParts, type SharedParts } from './shared-parts.ts';
import { useRealParts } from './use-real-parts.ts';

const NAMES = ['HOOKLINE_TEST_REDIS', 'HOOKLINE_TEST_POSTGRES'];

async function databasesOf(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    "SELECT datname AS name FROM pg_database WHERE datname LIKE 'test%'",
  );
  await client.end();
  return rows.map(({ name }) => name);
}

let before: (string | undefined)[] = [];
let shared: SharedParts;

beforeAll(async () => {
  before = NAMES.map((name) => process.env[name]);
  for (const name of NAMES) delete process.env[name];
  shared = await startSharedParts({ redis: true, postgres: true });
});

afterAll(async () => {
  await shared.stop();
  for (const [index, name] of NAMES.entries()) {
    const value = before[index];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

describe('a file run alone', () => {
  const parts = useRealParts({ redis: true });

  test('starts what it asked for, and nothing else', async () => {
    expect(Object.keys(shared.environment).sort()).toEqual(NAMES.toSorted());
    const redis = new Redis(parts.redisUrl);
    expect(await redis.ping()).toBe('PONG');
    redis.disconnect();
    expect(parts.redisUrl).not.toBe(shared.environment.HOOKLINE_TEST_REDIS);
    expect(() => parts.kafkaBrokers).toThrow('useRealParts({ kafka: true }) is missing');
    await expect(parts.createDatabase()).rejects.toThrow('useRealParts({ postgres: true }) is missing');
  });
});

describe('a file in a run that shares parts', () => {
  beforeAll(() => {
    Object.assign(process.env, shared.environment);
  });
  // Jest runs afterAll in the order of the lines, so useRealParts' own comes before the one below.
  const parts = useRealParts({ redis: true, postgres: true });
  afterAll(async () => {
    expect(await databasesOf(shared.environment.HOOKLINE_TEST_POSTGRES!)).toEqual([]);
  });

  test('uses those, each file with databases and names of its own', async () => {
    expect([parts.redisUrl, parts.postgresUrl]).toEqual([
      shared.environment.HOOKLINE_TEST_REDIS,
      shared.environment.HOOKLINE_TEST_POSTGRES,
    ]);
    const urls = [await parts.createDatabase(), await parts.createDatabase()];
    expect(await databasesOf(parts.postgresUrl)).toHaveLength(2);
    expect(await databasesOf(urls[0]!)).toHaveLength(2);
    expect(parts.uniqueName('topic')).not.toBe(parts.uniqueName('topic'));
  });
});
