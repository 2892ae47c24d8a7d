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

const MAX_BYTES = 100_000_000;

/** Brings what a database holds above the bound, for all of its clients, by what another partition has. */
function fillOf(index: number) {
  return async () => {
    await databases[index]!.query(
      `INSERT INTO retry_cursors (partition, incarnation, "offset", applied_at_ms, bytes) VALUES (-1, 'full', 0, 0, $1)`,
      [MAX_BYTES + 1],
    );
    return async () => {
      await databases[index]!.query('DELETE FROM retry_cursors WHERE partition = -1');
    };
  };
}

let opened = 0;
describeRetrySchedule('PostgreSQL', {
  open: async (bounds) =>
    createPostgresRetrySchedule({ database: databases[opened++ % 2]!, bounds, maxBytes: MAX_BYTES }),
  fill: fillOf(0),
});
describeRetrySchedule('PGlite', {
  open: async (bounds) => createPostgresRetrySchedule({ database: databases[2]!, bounds, maxBytes: MAX_BYTES }),
  fill: fillOf(2),
});
