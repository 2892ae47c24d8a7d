import { openDatabase, type Database } from '@hookline/database';
import { describeEventLog } from '@hookline/event-log/contract';
import { createTempDir, useRealParts, type TempDir } from '@hookline/testkit';
import { afterAll, beforeAll } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPostgresEventLog } from './index.ts';
import { trim } from './trim.ts';

const MIGRATIONS = ['0001-event-log.sql', '0007-log-done-map.sql'].map((name) =>
  join(import.meta.dirname, '..', '..', '..', 'migrations', name),
);
const log = { warn: () => {} };

const parts = useRealParts({ postgres: true });
let server: Database;
let url: string;
let folder: TempDir;
let embedded: Database;

beforeAll(async () => {
  url = await parts.createDatabase();
  server = await openDatabase({ url });
  await prepare(server);
  folder = await createTempDir('event-log');
  embedded = await openDatabase({ dataDir: folder.path });
  await prepare(embedded);
}, 60_000);

afterAll(async () => {
  await server?.close();
  await embedded?.close();
  await folder?.remove();
});

describeEventLog('PostgreSQL', {
  // With connections and a watch of its own, as another process has.
  async open() {
    const database = await openDatabase({ url, poolSize: 4 });
    const eventLog = createPostgresEventLog({ database, log });
    return {
      ...eventLog,
      async close() {
        await eventLog.close();
        await database.close();
      },
    };
  },
  shortestSessionMs: 1_500,
  compact: () => trim(server),
});

describeEventLog('PGlite', {
  open: async () => createPostgresEventLog({ database: embedded, log }),
  shortestSessionMs: 1_500,
  compact: () => trim(embedded),
});

async function prepare(database: Database): Promise<void> {
  for (const file of MIGRATIONS) await database.query(await readFile(file, 'utf8'));
}
