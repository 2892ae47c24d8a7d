import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate, openDatabase, type Database } from '@hookline/database';
import { createTempDir, useRealParts, type TempDir } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { get, MIGRATIONS, closeAfterEach, startOn, T } from '../testing/scene.ts';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { TOPICS } from '@hookline/contracts';
import { createLog } from '@hookline/service-kit';

const parts = useRealParts({ postgres: true });
closeAfterEach();
const log = createLog('migration', 'silent');

/** As the version before days left its tables. */
const BEFORE = `
  INSERT INTO events VALUES ('acme', 'e1', 'order.created', '/shop', '2026-01-01T00:00:00Z', $1, 'application/json', 'k', '{"n":1}');
  INSERT INTO attempts VALUES ('att_1', 'acme', 'dlv_1', 'e1', 'wh_1', 1, 'automatic', 'server_error', 'http://r/', 500, NULL, 'oh', $2, 7),
    ('att_2', 'acme', 'dlv_1', 'e1', 'wh_1', 2, 'automatic', NULL, 'http://r/', 200, NULL, NULL, $3, 8),
    -- Of an event whose row was never written.
    ('att_3', 'acme', 'dlv_2', 'e2', 'wh_1', 1, 'automatic', NULL, 'http://r/', 200, NULL, NULL, $2, 9);
  INSERT INTO deliveries VALUES
    ('dlv_1', 'acme', 'e1', 'order.created', 'wh_1', $2, 2, 'succeeded', 2, true, $3, NULL, NULL, 'att_2', 2, $3, 200, NULL),
    ('dlv_2', 'acme', 'e2', 'order.created', 'wh_1', $2, 1, 'succeeded', 1, true, $2, NULL, NULL, 'att_3', 1, $2, 200, NULL);
  INSERT INTO dead_letters VALUES
    ('dlv_9', 'acme', 'wh_1', 'e9', 'order.created', '/shop', '2026-01-01T00:00:00Z', $1, 'application/json', '{"n":9}', 'gone', 1, $2, $3);
`;

describe.each(['PostgreSQL', 'PGlite'])('a database of the version before days, on %s', (name) => {
  let database: Database;
  let folder: TempDir;
  beforeAll(async () => {
    folder = await createTempDir('migration');
    database = await openDatabase(
      name === 'PostgreSQL' ? { url: await parts.createDatabase() } : { dataDir: join(folder.path, 'data') },
    );
    for (const file of await readdir(MIGRATIONS)) {
      if (file < '0021') await copyFile(join(MIGRATIONS, file), join(folder.path, file));
    }
    await migrate(database, folder.path);
    const [accepted, first, second] = [T, T + 1_000, T + 90_000_000].map((ms) => `'${new Date(ms).toISOString()}'`);
    const sql = BEFORE.replaceAll('$1', accepted!).replaceAll('$2', first!).replaceAll('$3', second!);
    await database.query(sql);
  }, 120_000);
  afterAll(async () => {
    await database?.close();
    await folder?.remove();
  });

  test('keeps its rows, each on the day of its event, and goes on', async () => {
    expect(await migrate(database, MIGRATIONS)).toContain('0021-observability-days');
    const eventLog = createPostgresEventLog({ database, log });
    await eventLog.createTopics(TOPICS);
    const { base } = await startOn({ eventLog, database });
    const event = await get(base, '/api/v1/events/e1');
    expect(event.body).toMatchObject({
      data: { n: 1 },
      partitionkey: 'k',
      size_bytes: 7,
      deliveries: [{ id: 'dlv_1', state: 'succeeded', attempt_count: 2, last_status: 200 }],
    });
    const delivery = await get(base, '/api/v1/deliveries/dlv_1');
    expect(delivery.body['attempts']).toMatchObject([
      { id: 'att_1', status: 500, class: 'server_error', url: 'http://r/', response_body: 'oh' },
      // A day later, and in the same tables all the same.
      { id: 'att_2', status: 200, outcome: 'succeeded', response_body: null },
    ]);
    expect((await get(base, '/api/v1/deliveries/dlv_2')).body).toMatchObject({ attempts: [{ id: 'att_3' }] });
    expect((await get(base, '/api/v1/dead-letters/dlv_9')).body).toMatchObject({ data: { n: 9 }, resolved_at: null });
    expect((await get(base, '/api/v1/deliveries')).body.data).toHaveLength(2);
    await eventLog.close();
  }, 60_000);
});
