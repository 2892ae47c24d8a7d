// The drill of docs/backup.md: a platform under way loses PostgreSQL and Redis for good, PostgreSQL comes back from a backup made a while before, Redis empty, and Kafka
// is as it was. Then everything that was accepted must arrive and be in the log, and webhooks must be as the backup has them. Exit code 1 if anything of that is missing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createTempDir, eventually, startKafka, startPostgres, startRedis } from '@hookline/testkit';
import { createPlatformProcesses, type PlatformProcesses } from '../../tools/platform/processes.ts';
import { inParallel, logIn, type Api } from '../api.ts';
import { takeBaseBackup } from './base-backup.ts';
import { startDrillReceiver } from './receiver.ts';

const ROOT = join(import.meta.dirname, '../..');
const PASSWORD = 'drill-password';
const BEFORE = Array.from({ length: 200 }, (_unused, index) => `before-${index}`);
const SINCE = Array.from({ length: 100 }, (_unused, index) => `since-${index}`);
const LATER = { timeoutMs: 60_000, everyMs: 200 };

await using opened = new AsyncDisposableStack();
const folder = await createTempDir('hookline-restore');
opened.defer(() => folder.remove());
const receiver = await startDrillReceiver();
opened.defer(() => receiver.close());
const [kafka, redis, lost] = await Promise.all([startKafka(), startRedis(), startPostgres()]);
for (const part of [kafka, redis, lost]) opened.defer(() => part.stop());

const env: Record<string, string> = {
  PATH: process.env['PATH'] ?? '',
  KAFKA_BROKERS: kafka.brokers.join(','),
  REDIS_URL: redis.url,
  DATABASE_URL: lost.url,
  SECURITY_JWT_SECRET: randomBytes(48).toString('base64'),
  SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  SECURITY_ADMIN_PASSWORD: PASSWORD,
  SECURITY_ALLOW_NETWORKS: '127.0.0.0/8',
  RETRY_MANAGER_MAX_RETRIES: '30',
  RETRY_MANAGER_INITIAL_DELAY: '2s',
  RETRY_MANAGER_MAX_DELAY: '5s',
  BREAKER_FAILURES_IN_A_ROW: '1000000',
  BREAKER_MIN_OUTCOMES: '1000000',
  LOG_LEVEL: 'error',
};

function runTool(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}${stdout}`);
  return stdout.trim();
}

async function startPlatform(): Promise<PlatformProcesses> {
  const platform = await createPlatformProcesses({
    env,
    freePorts: true,
    ended: (service, code, signal) => console.error(`${service} ended by itself (${signal ?? `exit code ${code}`})`),
  });
  await platform.start();
  return platform;
}

async function publish(api: Api, ids: readonly string[]): Promise<void> {
  await inParallel(ids, 8, (id) => api.publish(id, 'order.created', '{"n":1}'));
}

async function webhooksByPath(api: Api): Promise<Record<string, string>> {
  const { body } = await api.call<{ data: { id: string; url: string }[] }>('GET', '/api/v1/webhooks?limit=100');
  return Object.fromEntries(body.data.map(({ id, url }) => [new URL(url).pathname, id]));
}

/** Ids of the events of which the log has all deliveries in these states. */
async function settledEvents(api: Api, states: readonly string[]): Promise<Set<string>> {
  const open = new Set<string>();
  const found = new Set<string>();
  for (let cursor = ''; ;) {
    const path = `/api/v1/deliveries?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const { body } = await api.call<{ data: { event_id: string; state: string }[]; next_cursor: string | null }>(
      'GET',
      path,
    );
    for (const { event_id: id, state } of body.data) (states.includes(state) ? found : open).add(id);
    if (body.next_cursor === null) return found.difference(open);
    cursor = body.next_cursor;
  }
}

runTool('tools/prepare-stores.ts');
const before = await startPlatform();
let api = await logIn(before.gatewayUrl, PASSWORD);
for (const path of ['/ok', '/down', '/deleted-since']) {
  await api.createWebhook({ url: receiver.url + path, event_types: ['order.*'] });
}
await publish(api, BEFORE);
await eventually(() => assert.equal(receiver.taken('/ok').size, BEFORE.length), LATER);
await eventually(() => assert.equal(receiver.refused(), BEFORE.length), LATER);
const backupAt = new Date().toISOString();
const copy = join(folder.path, 'restored');
await takeBaseBackup(lost, copy);
console.log(`  backed up at ${backupAt}, with ${receiver.refused()} retries waiting`);

const { '/deleted-since': deletedSince } = await webhooksByPath(api);
await api.call('DELETE', `/api/v1/webhooks/${deletedSince}`);
await api.createWebhook({ url: `${receiver.url}/made-since`, event_types: ['order.*'] });
await publish(api, SINCE);
await eventually(() => assert.equal(receiver.taken('/made-since').size, SINCE.length), LATER);
await eventually(() => assert.equal(receiver.refused(), BEFORE.length + SINCE.length), LATER);
await Promise.all(before.copies.map((each) => each.kill()));
await Promise.all([lost.stop(), redis.kill()]);
console.log(`  ${SINCE.length} events later everything was killed; PostgreSQL and Redis are gone`);

const restored = await startPostgres({ dataDir: copy });
opened.defer(() => restored.stop());
await redis.start();
env['DATABASE_URL'] = restored.url;
console.log(`  ${runTool('tools/restored.ts', backupAt).replaceAll('\n', '\n  ')}`);
const after = await startPlatform();
opened.defer(async () => {
  await Promise.all(after.copies.map((each) => each.kill()));
});
api = await logIn(after.gatewayUrl, PASSWORD);
receiver.heal();

const webhooks = await webhooksByPath(api);
assert.deepEqual(Object.keys(webhooks).toSorted(), ['/deleted-since', '/down', '/ok']);
await eventually(() => assert.equal(receiver.taken('/down').size, BEFORE.length + SINCE.length), LATER);
console.log(`  all ${BEFORE.length + SINCE.length} retries came, from Kafka`);

await api.call('PATCH', `/api/v1/webhooks/${webhooks['/ok']}`, { event_types: ['changed.*'] });
await api.publish('changed-1', 'changed.type', '{"n":1}');
await eventually(() => assert.ok(receiver.taken('/ok').has('changed-1')), LATER);
await api.publish('after-1', 'order.created', '{"n":1}');
await eventually(() => assert.ok(receiver.taken('/deleted-since').has('after-1')), LATER);
assert.equal(receiver.taken('/made-since').has('after-1'), false, 'a webhook that nobody can see still gets events');
console.log('  webhooks are those of the backup, and changes count at once');

const accepted = [...BEFORE, ...SINCE, 'changed-1', 'after-1'];
await eventually(async () => {
  const settled = await settledEvents(api, ['succeeded', 'discarded']);
  const missing = accepted.filter((id) => !settled.has(id));
  assert.deepEqual(missing.slice(0, 5), []);
}, LATER);
console.log(`  the log has all ${accepted.length} events, with what became of them`);
const failed = await after.stop();
assert.deepEqual(failed, []);
console.log('passed');
await opened.disposeAsync();
process.exit(0);
