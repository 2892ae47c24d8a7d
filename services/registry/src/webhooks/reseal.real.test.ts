import type { WebhookMessage } from '@hookline/contracts/grpc';
import { openDatabase, type Database } from '@hookline/database';
import type { EventLog } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog, createSealing } from '@hookline/service-kit';
import { createTempDir, eventually, type TempDir } from '@hookline/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { changesOf, openScene, prepare, settings, TOKEN, type Scene } from '../testing/scene.ts';
import { resealAll } from './reseal.ts';

const OLD = Buffer.alloc(32, 7).toString('base64');
const NEW = Buffer.alloc(32, 8).toString('base64');

let folder: TempDir;
let database: Database;
let eventLog: EventLog;
let scene: Scene;
beforeAll(async () => {
  folder = await createTempDir('reseal');
  database = await openDatabase({ dataDir: folder.path });
  eventLog = await prepare(database, (opened) =>
    createPostgresEventLog({ database: opened, log: createLog('test', 'error') }),
  );
  // What a registry has during a rotation: the new key, and the old one to open with.
  scene = await openScene(database, eventLog, { SECURITY_ENCRYPTION_KEY: OLD });
}, 60_000);
afterAll(async () => {
  await scene?.stop();
  await eventLog?.close();
  await database?.close();
  await folder?.remove();
});

test('everything is sealed with the new key once, tells the dispatchers, and says the same as before', async () => {
  const created: WebhookMessage[] = [];
  for (let i = 0; i < 60; i++) {
    const more = i % 2 === 0 ? { authorization: { bearer: { token: `token-${i}` } } } : {};
    const answer = await scene.call(
      'CreateWebhook',
      { settings: settings({ headers: { 'x-n': `${i}` }, ...more }) },
      TOKEN.default,
    );
    created.push(answer);
  }
  const sealing = createSealing(NEW, [OLD]);
  expect(await resealAll(database, sealing)).toBe(60);
  expect(await resealAll(database, sealing)).toBe(0);

  const onlyNew = createSealing(NEW);
  const { rows } = await database.query<{ id: string; h: string; s: string; c: string | null }>(
    'SELECT id, sealed_headers AS h, sealed_secrets AS s, sealed_credentials AS c FROM webhooks ORDER BY id',
  );
  rows.forEach(({ id, h, s, c }, i) => {
    expect(JSON.parse(onlyNew.open(h, `headers:${id}`))).toEqual({ 'x-n': `${i}` });
    expect(JSON.parse(onlyNew.open(s, `secrets:${id}`))).toEqual([created[i]?.secret]);
    if (i % 2 === 0) expect(onlyNew.open(c as string, `credentials:${id}`)).toContain(`token-${i}`);
  });
  await eventually(
    async () => {
      const changes = await changesOf(eventLog);
      // The last record of each is what counts.
      const latest = new Map(changes.map((change) => [change.kind === 'changed' ? change.webhook.id : '', change]));
      for (const change of latest.values()) expect(JSON.stringify(change)).toContain('"s2:');
      const text = JSON.stringify([...latest.values()]);
      for (const { s } of rows) expect(text).toContain(s);
    },
    { timeoutMs: 30_000 },
  );
}, 60_000);
