import { eventTypeKey, TOPIC } from '@hookline/contracts';
import { openDatabase, type Database } from '@hookline/database';
import type { EventLog } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog } from '@hookline/service-kit';
import { eventually, useRealParts } from '@hookline/testkit';
import { expect, test } from '@jest/globals';
import { openScene, prepare, settings, TOKEN, type Scene } from '../testing/scene.ts';
import { agreeWithLog } from './agree-with-log.ts';
import { latestOfTopic } from './latest-of-topic.ts';

const parts = useRealParts({ postgres: true });
const log = createLog('registry', 'silent');

const openLog = (database: Database) => createPostgresEventLog({ database, log });
const createWebhook = (scene: Scene, url: string) =>
  scene.call('CreateWebhook', { settings: settings({ url: `https://example.com/${url}` }) }, TOKEN.default);
const putType = (scene: Scene, name: string) =>
  scene.call('PutEventType', { eventType: { name, schema: '{"type":"object"}', onMismatch: 'reject' } }, TOKEN.default);

async function inTopics(eventLog: EventLog) {
  return {
    webhooks: await latestOfTopic(eventLog, TOPIC.changes),
    types: await latestOfTopic(eventLog, TOPIC.eventTypes),
  };
}

test('topics that are newer than a restored database are made to agree with it', async () => {
  await using opened = new AsyncDisposableStack();
  // Its own database stands for Kafka: it is not restored.
  const logDatabase = await openDatabase({ url: await parts.createDatabase() });
  opened.defer(() => logDatabase.close());
  const eventLog = await prepare(logDatabase, openLog);
  opened.defer(() => eventLog.close());
  const url = await parts.createDatabase();
  const atBackup = await openDatabase({ url });
  await prepare(atBackup, openLog).then((own) => own.close());
  let scene = await openScene(atBackup, eventLog);
  const kept = await createWebhook(scene, 'kept');
  const gone = await createWebhook(scene, 'gone');
  await putType(scene, 'order.kept');
  await putType(scene, 'order.gone');
  await scene.stop();
  await atBackup.close();
  const restoredUrl = await parts.createDatabase(new URL(url).pathname.slice(1));

  const lost = await openDatabase({ url });
  scene = await openScene(lost, eventLog);
  const since = await createWebhook(scene, 'since');
  await scene.call('SetWebhookStatus', { id: kept.id, action: 'PAUSE' }, TOKEN.default);
  await scene.call('DeleteWebhook', { id: gone.id }, TOKEN.default);
  await putType(scene, 'order.since');
  await scene.call('DeleteEventType', { name: 'order.gone' }, TOKEN.default);
  await eventually(async () => {
    expect((await inTopics(eventLog)).types.get(eventTypeKey('default', 'order.gone'))?.present).toBe(false);
  });
  await scene.stop();
  await lost.close();
  const before = await inTopics(eventLog);

  const restored = await openDatabase({ url: restoredUrl });
  opened.defer(() => restored.close());
  expect(await agreeWithLog(restored, eventLog)).toEqual({ webhooks: 1, eventTypes: 1 });
  scene = await openScene(restored, eventLog);
  opened.defer(() => scene.stop());

  const present = (entries: Iterable<[string, { present: boolean }]>) =>
    [...entries].flatMap(([key, latest]) => (latest.present ? [key] : [])).toSorted();
  await eventually(
    async () => {
      const { webhooks, types } = await inTopics(eventLog);
      expect(present(webhooks)).toEqual([kept.id, gone.id].toSorted());
      expect(present(types)).toEqual(['order.gone', 'order.kept'].map((name) => eventTypeKey('default', name)));
      for (const [key, { revision }] of webhooks) expect(revision).toBeGreaterThan(before.webhooks.get(key)!.revision);
      for (const [key, { revision }] of types) expect(revision).toBeGreaterThan(before.types.get(key)!.revision);
      expect(webhooks.get(since.id)?.present).toBe(false);
    },
    { timeoutMs: 30_000, everyMs: 200 },
  );
  expect(await scene.call('GetWebhook', { id: kept.id }, TOKEN.default)).toMatchObject({ status: 'enabled' });
}, 90_000);
