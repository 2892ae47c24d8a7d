import { afterAll, beforeAll } from '@jest/globals';
import { migrate, openDatabase, type Database } from '@hookline/database';
import { describeRetrySchedule } from '@hookline/retry-schedule/contract';
import { createTempDir, useRealParts, type TempDir } from '@hookline/testkit';
import { join } from 'node:path';
import { createPostgresRetrySchedule } from './index.ts';

const MIGRATIONS = join(import.meta.dirname, '../../../migrations');

const parts = useRealParts({ postgres: true });
const databases: Database[] = [];
let folder: TempDir;

beforeAll(async () => {
  const url = await parts.createDatabase();
  folder = await createTempDir('retry-schedule');
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

let opened = 0;
describeRetrySchedule('PostgreSQL', {
  open: async () => createPostgresRetrySchedule({ database: databases[opened++ % 2]! }),
});
describeRetrySchedule('PGlite', { open: async () => createPostgresRetrySchedule({ database: databases[2]! }) });
