import { TOPICS } from '@hookline/contracts';
import { migrate, openDatabase } from '@hookline/database';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog, createSealing } from '@hookline/service-kit';
import { createTempDir, useRealParts } from '@hookline/testkit';
import { expect, test } from '@jest/globals';
import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { changesOf, openScene, TOKEN } from './testing/scene.ts';

const parts = useRealParts({ postgres: true });
const MIGRATIONS = join(import.meta.dirname, '../../../migrations');
const ID = `wh_${'0'.repeat(31)}1`;

/** The database as it was before webhooks had settings of their own. */
async function migrateBefore(database: Parameters<typeof migrate>[0]): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const folder = await createTempDir('migrations');
  opened.defer(() => folder.remove());
  for (const file of await readdir(MIGRATIONS)) {
    if (file < '0012') await copyFile(join(MIGRATIONS, file), join(folder.path, file));
  }
  await migrate(database, folder.path);
}

test('webhooks from before they had settings go on as they were, and take some', async () => {
  await using opened = new AsyncDisposableStack();
  const database = await openDatabase({ url: await parts.createDatabase() });
  opened.defer(() => database.close());
  await migrateBefore(database);
  const sealing = createSealing(Buffer.alloc(32, 7).toString('base64'));
  await database.query(
    `INSERT INTO webhooks (id, tenant, url, event_types, sealed_headers, sealed_secrets, policy, status, disabled_reason,
       revision, created_at, updated_at)
     VALUES ($1, 'default', 'https://example.com/old', '{order.*}', $2, $3, 'standard', 'disabled', 'gone', 0, now(), now())`,
    [ID, sealing.seal('{"x-shop":"1"}', `headers:${ID}`), sealing.seal('["whsec_old"]', `secrets:${ID}`)],
  );
  await migrate(database, MIGRATIONS);
  const eventLog = createPostgresEventLog({ database, log: createLog('registry', 'silent') });
  opened.defer(() => eventLog.close());
  await eventLog.createTopics(TOPICS);
  const scene = await openScene(database, eventLog);
  opened.defer(() => scene.stop());

  expect(await scene.call('GetWebhook', { id: ID }, TOKEN.default)).toMatchObject({
    url: 'https://example.com/old',
    headers: { 'x-shop': '1' },
    policy: 'standard',
    status: 'disabled',
    disabledReason: 'gone',
    uid: '',
    metadata: {},
    delivery: { retryScheduleMs: [], signatures: [], rateLimit: null },
    authorization: null,
  });
  await scene.call('SetWebhookStatus', { id: ID, action: 'ENABLE' }, TOKEN.default);
  await scene.call('RotateWebhookSecret', { id: ID, overlapMs: 60_000 }, TOKEN.default);
  const { secrets } = await scene.call('GetWebhookSecrets', { id: ID }, TOKEN.default);
  expect(secrets.map(({ text }) => text)).toEqual([expect.stringMatching(/^whsec_/), 'whsec_old']);
  const change = (await changesOf(eventLog)).at(-1);
  expect(change).toMatchObject({ kind: 'changed', webhook: { status: 'enabled', policy: 'standard' } });
  expect(Object.keys((change as { webhook: object }).webhook)).not.toContain('delivery');

  // A copy of the registry from before this version goes on writing beside this one.
  await database.query(
    `INSERT INTO webhooks (id, tenant, url, event_types, sealed_headers, sealed_secrets, policy, status, revision,
       created_at, updated_at)
     SELECT $1, tenant, url, event_types, $2, $3, policy, status, revision, created_at, updated_at FROM webhooks`,
    [`${ID.slice(0, -1)}2`, sealing.seal('{}', `headers:${ID.slice(0, -1)}2`), 'x'],
  );
  const { webhooks } = await scene.call('ListWebhooks', { limit: 10, cursor: '' }, TOKEN.default);
  expect(webhooks).toHaveLength(2);
}, 60_000);
