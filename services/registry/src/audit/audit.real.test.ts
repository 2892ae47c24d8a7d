import { openDatabase, type Database } from '@hookline/database';
import type { EventLog } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog } from '@hookline/service-kit';
import { useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openScene, prepare, settings, TOKEN, type Scene } from '../testing/scene.ts';

const parts = useRealParts({ postgres: true });
let database: Database;
let eventLog: EventLog;
let scene: Scene;

beforeAll(async () => {
  const log = createLog('registry', 'silent');
  database = await openDatabase({ url: await parts.createDatabase() });
  eventLog = await prepare(database, (on) => createPostgresEventLog({ database: on, log }));
  scene = await openScene(database, eventLog);
}, 60_000);

afterAll(async () => {
  await scene?.stop();
  await eventLog?.close();
  await database?.close();
});

interface Entry {
  tenant: string;
  actor: string;
  via: string;
  address: string | null;
  action: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

async function entriesOf(targetId: string): Promise<Entry[]> {
  const { rows } = await database.query<Entry>(
    'SELECT tenant, actor, via, address, action, before, after FROM audit_log WHERE target_id = $1 ORDER BY at, id',
    [targetId],
  );
  return rows;
}

const SECRETS = {
  secret: 'whsec_c2VjcmV0LW9mLXRoZS1hdWRpdC10ZXN0LTAwMDE=',
  password: 'a password that nobody may see',
  header: 'a token in a header of a harmless name',
};

test('every change of a webhook is noted with it: who, what before and after, from where; and no secret', async () => {
  const given = {
    ...settings(),
    secret: SECRETS.secret,
    headers: { 'x-harmless': SECRETS.header },
    authorization: { basic: { username: 'hookline', password: SECRETS.password } },
  };
  const { id } = await scene.call('CreateWebhook', { settings: given }, TOKEN.default);
  const { secret: _given, ...kept } = given;
  const changed = { ...kept, description: 'changed', headers: { 'x-harmless': 'another' } };
  await scene.call('ReplaceWebhook', { id, settings: changed }, TOKEN.default);
  const secret = 'whsec_YW5vdGhlci1zZWNyZXQtb2YtdGhlLXRlc3QtMDAwMg==';
  await scene.call('ReplaceWebhook', { id, settings: { ...changed, secret } }, TOKEN.default);
  await scene.call('ReplaceWebhook', { id, settings: { ...changed, secret, description: 'again' } }, TOKEN.default);
  await scene.call('SetWebhookStatus', { id, action: 'PAUSE' }, TOKEN.default);
  // What is so already is no change.
  await scene.call('SetWebhookStatus', { id, action: 'PAUSE' }, TOKEN.default);
  await expect(scene.call('DeleteWebhook', { id }, TOKEN.other)).rejects.toThrow();
  await scene.call('RotateWebhookSecret', { id, kind: 'SECRET', secret: '' }, TOKEN.default);
  await scene.call('DeleteWebhook', { id }, TOKEN.default);
  const entries = await entriesOf(id);
  expect(entries.map(({ action }) => action)).toEqual([
    'webhook.create',
    'webhook.update',
    'webhook.update',
    'webhook.update',
    'webhook.pause',
    'webhook.rotate_secret',
    'webhook.delete',
  ]);
  for (const { tenant, actor, via, address } of entries) {
    expect({ tenant, actor, via }).toEqual({ tenant: 'default', actor: 'usr_x', via: 'login' });
    expect(address).toContain('127.0.0.1');
  }
  expect(entries[0]).toMatchObject({ before: null, after: { url: settings().url, headers: ['x-harmless'] } });
  expect(entries[1]).toMatchObject({ before: {}, after: { description: 'changed', secrets_changed: ['headers'] } });
  expect(entries[2]).toMatchObject({ before: {}, after: { secrets_changed: ['secrets'] } });
  expect(entries[3]).toMatchObject({ before: { description: 'changed' }, after: { description: 'again' } });
  expect(entries[3]?.after).not.toHaveProperty('secrets_changed');
  expect(entries[4]).toMatchObject({ before: { status: 'enabled' }, after: { status: 'paused' } });
  expect(entries[5]).toMatchObject({ before: {}, after: { secrets_changed: ['secrets'] } });
  expect(entries[6]).toMatchObject({ before: { description: 'again', status: 'paused' }, after: null });
  const { rows } = await database.query<{ text: string }>(
    'SELECT before::text || after::text AS text FROM audit_log WHERE before IS NOT NULL OR after IS NOT NULL',
  );
  const written = JSON.stringify(rows) + JSON.stringify(entries);
  for (const secret of Object.values(SECRETS)) expect(written).not.toContain(secret);
  expect(written).not.toContain('whsec_');
});

test('so are event types, and what the platform does by itself', async () => {
  const eventType = { name: 'audited.type', description: 'first', schema: '{"type":"object"}', onMismatch: 'reject' };
  await scene.call('PutEventType', { eventType, create: true }, TOKEN.default);
  await scene.call('PutEventType', { eventType: { ...eventType, description: 'second' } }, TOKEN.default);
  await scene.call('DeleteEventType', { name: 'audited.type' }, TOKEN.default);
  expect(await entriesOf('audited.type')).toMatchObject([
    { action: 'event_type.create', before: null },
    { action: 'event_type.update', before: { description: 'first' }, after: { description: 'second' } },
    { action: 'event_type.delete', after: null },
  ]);
});

test('so is the first user, whom the platform makes', async () => {
  const { rows } = await database.query<{ id: string }>(`SELECT id FROM users WHERE username = 'admin'`);
  expect(await entriesOf(rows[0]!.id)).toMatchObject([
    { action: 'user.create', actor: 'hookline', via: 'platform', before: null, after: { username: 'admin' } },
  ]);
});

test('a change that is refused leaves nothing', async () => {
  const { id } = await scene.call('CreateWebhook', { settings: { ...settings(), uid: 'audit-a' } }, TOKEN.default);
  await expect(
    scene.call('CreateWebhook', { settings: { ...settings(), uid: 'audit-a' } }, TOKEN.default),
  ).rejects.toMatchObject({ code: 'uid_taken' });
  await expect(
    scene.call('ReplaceWebhook', { id, settings: settings(), ifRevision: [999_999] }, TOKEN.default),
  ).rejects.toMatchObject({ code: 'precondition_failed' });
  expect(await entriesOf(id)).toHaveLength(1);
});
