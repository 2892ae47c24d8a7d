import { afterAll, beforeAll } from '@jest/globals';
import { migrate, openDatabase, type Database } from '@hookline/database';
import { describeLimits, type LimitsHarness } from '@hookline/limits/contract';
import { createTempDir, useRealParts, type TempDir } from '@hookline/testkit';
import { join } from 'node:path';
import { createPostgresLimits } from './index.ts';

const MIGRATIONS = join(import.meta.dirname, '../../../migrations');
const EMPTY = 'TRUNCATE deduplication_keys, deduplication_held, rate_windows, rate_takes';

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
