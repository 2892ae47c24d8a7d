import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrate, openDatabase, type Database } from '@hookline/database';
import { describeLimits, type LimitsHarness } from '@hookline/limits/contract';
import { createTempDir, useRealParts, type TempDir } from '@hookline/testkit';
import { join } from 'node:path';
import { createPostgresLimits } from './index.ts';
import { CLAIM } from './statements.ts';

const MIGRATIONS = join(import.meta.dirname, '../../../migrations');
const EMPTY =
  'TRUNCATE deduplication_keys, deduplication_held, rate_windows, rate_takes, drain_slots, breakers, tallies';

const parts = useRealParts({ postgres: true });
const databases: Database[] = [];
let folder: TempDir;

beforeAll(async () => {
  const url = await parts.createDatabase();
  folder = await createTempDir('limits');
  // Two pools on the server, as two processes have them; the embedded one belongs to one process.
  databases.push(
    await openDatabase({ url }),
    await openDatabase({ url }),
    await openDatabase({ dataDir: folder.path }),
  );
  await migrate(databases[0]!, MIGRATIONS);
  await migrate(databases[2]!, MIGRATIONS);
}, 300_000);

afterAll(async () => {
  for (const database of databases) await database.close();
  await folder.remove();
});

function on(first: number, second: number): LimitsHarness {
  return {
    begin: async (options) => {
      await databases[first]!.query(EMPTY);
      return [
        createPostgresLimits({ database: databases[first]!, ...options }),
        createPostgresLimits({ database: databases[second]!, ...options }),
      ];
    },
  };
}

describeLimits('PostgreSQL', on(0, 1));
describeLimits('PGlite', on(2, 2));

describe.each([
  ['PostgreSQL', 0],
  ['PGlite', 2],
])('the tables of the limits: %s', (_, index) => {
  const deduplication = { pendingMs: 1_000, windowMs: 5_000, maxKeys: 100_000 };

  async function countRows(table: string): Promise<number> {
    const { rows } = await databases[index]!.query<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`);
    return rows[0]!.rows;
  }

  test('lose what has run out as others come', async () => {
    const database = databases[index]!;
    await database.query(EMPTY);
    const limits = createPostgresLimits({ database, deduplication });
    await limits.deduplication.claim(claimsOf('old'), 0);
    await limits.deduplication.finish(
      claimsOf('old').map((claim) => ({ ...claim, bodyHash: 'h', answer: '1' })),
      0,
    );
    await limits.deduplication.claim(claimsOf('new'), 5_000);
    expect(await countRows('deduplication_keys')).toBe(600);

    const window = { limit: 100, windowMs: 1_000, count: 1 };
    for (let take = 0; take < 60; take++) await limits.rates.take([{ key: `old ${take}`, ...window }], 0);
    for (let take = 0; take < 60; take++) await limits.rates.take([{ key: 'new', ...window }], 1_000 + take);
    expect(await countRows('rate_windows')).toBe(1);
    expect(await countRows('rate_takes')).toBe(60);
  });

  test('count what they hold', async () => {
    const database = databases[index]!;
    await database.query(EMPTY);
    const { deduplication: keys } = createPostgresLimits({
      database,
      deduplication: { ...deduplication, maxKeys: 30 },
    });
    for (let round = 0; round < 30; round++) {
      const claims = [round, round + 1, 100 + round].map((key) => ({ key: String(key), token: `token ${round}` }));
      await keys.claim(claims, round * 200);
      await (round % 3 === 0
        ? keys.abandon(claims)
        : keys.finish(
            claims.map((claim) => ({ ...claim, bodyHash: 'h', answer: '' })),
            round * 200,
          ));
    }
    const held = await database.query<{ keys: number }>('SELECT sum(keys)::bigint AS keys FROM deduplication_held');
    expect(held.rows[0]?.keys).toBe(await countRows('deduplication_keys'));
  });

  test('let commits of the deduplication not wait for the disk', async () => {
    const database = databases[index]!;
    const { rows } = await database.query<{ setting: string }>(
      CLAIM.replace('SELECT taken.key', `SELECT current_setting('synchronous_commit') AS setting, taken.key`),
      [0, [Buffer.from('any')], ['token'], 0, 1],
    );
    expect(rows[0]?.setting).toBe('off');
    const after = await database.query<{ setting: string }>(`SELECT current_setting('synchronous_commit') AS setting`);
    expect(after.rows[0]?.setting).not.toBe('off');
  });
});

function claimsOf(label: string): { key: string; token: string }[] {
  return Array.from({ length: 600 }, (_, at) => ({ key: `${label} ${at}`, token: 'a' }));
}
