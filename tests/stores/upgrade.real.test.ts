import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  createTempDir,
  createReceiver,
  eventually,
  useRealParts,
  type Receiver,
  type TempDir,
} from '@hookline/testkit';
import { Client } from 'pg';
import { Webhook } from 'standardwebhooks';
import { logIn, type Api } from '../api.ts';
import { startStandalone, type StandaloneProcess } from '../e2e/standalone-process.ts';

/**
 * A whole database as a version before left it: `pg_dump` of a platform on PostgreSQL alone that had run with migrations up to 0022, been used, and been stopped.
 * In it: webhooks `good` (took all it was sent), `waiting` (refused; a retry waits until 2026-11-28T01:00), `dead` (refused, no retries) and `paused` (something waits);
 * the events order-1, order-2 and stock-1; and an event type with a schema.
 */
const LANDED = join(import.meta.dirname, 'landed-0022.sql');
const SECRETS = {
  SECURITY_JWT_SECRET: 'upgrade-test-jwt-secret-of-forty-characters',
  SECURITY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
  SECURITY_ADMIN_PASSWORD: 'not the one that the database has',
  SECURITY_ALLOW_NETWORKS: '127.0.0.0/8',
};
const SIGNING_SECRET = 'whsec_iuWXNpZZJtgU6NbWoaxV2+8WePWKrCHBD8dUi+wH22w=';

const parts = useRealParts({ postgres: true });
let folder: TempDir;
let platform: StandaloneProcess;
let api: Api;
let receiver: Receiver;

beforeAll(async () => {
  folder = await createTempDir('upgrade');
  const url = await parts.createDatabase();
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(readFileSync(LANDED, 'utf8'));
  await client.end();
  receiver = await createReceiver();
  const env = {
    DATABASE_URL: url,
    // The dump may be of any age: its days stay, and a webhook that failed in it has not failed ever since.
    OBSERVABILITY_RETENTION: '36500d',
    OBSERVABILITY_DEAD_LETTER_RETENTION: '36500d',
    HOOKLINE_DISABLE_FAILING_AFTER: '0s',
  };
  platform = startStandalone(folder.path, { ...SECRETS, ...env });
  const { gatewayUrl } = await platform.ready();
  api = await logIn(gatewayUrl, 'upgrade-password');
}, 120_000);

afterAll(async () => {
  platform.signal('SIGTERM');
  const { code, stderr } = await platform.ended;
  await receiver.close();
  await folder.remove();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}, 60_000);

async function read<T>(path: string): Promise<T> {
  const { status, body } = await api.call<T>('GET', `/api/v1/${path}`);
  expect([path, status]).toEqual([path, 200]);
  return body;
}

interface Delivery {
  id: string;
  state: string;
  attempts: unknown[];
}

test('webhooks are as they were, and sign with the secrets that they had', async () => {
  const { data } = await read<{ data: { uid: string; status: string }[] }>('webhooks?limit=100');
  expect(Object.fromEntries(data.map(({ uid, status }) => [uid, status]))).toEqual({
    good: 'enabled',
    waiting: 'enabled',
    dead: 'enabled',
    paused: 'paused',
  });
  const { body } = await api.call('PATCH', '/api/v1/webhooks/good', { url: `${receiver.url}/good` });
  expect(body).toMatchObject({ headers: { 'x-shop': '1' }, metadata: { team: 'shop' }, policy: 'quick' });
  await api.publish('order-3', 'order.shipped', '{"n":3}');
  const [request] = await receiver.waitFor(1, 30_000);
  expect(request!.headers['x-shop']).toBe('1');
  const headers = request!.headers as Record<string, string>;
  expect(new Webhook(SIGNING_SECRET).verify(request!.body, headers)).toMatchObject({ id: 'order-3', data: { n: 3 } });
});

test('events, deliveries and attempts are in the log', async () => {
  const { deliveries } = await read<{ deliveries: Delivery[] }>('events/order-1');
  expect(deliveries).toHaveLength(3);
  const good = deliveries.find(({ state }) => state === 'succeeded');
  expect((await read<Delivery>(`deliveries/${good!.id}`)).attempts).toMatchObject([{ outcome: 'succeeded' }]);
  const { id } = await read<{ id: string }>('webhooks/dead');
  const { data: deadLetters } = await read<{ data: { id: string }[] }>(`dead-letters?webhook=${id}`);
  expect(deadLetters).toHaveLength(1);
  expect(await read(`dead-letters/${deadLetters[0]!.id}`)).toMatchObject({
    event_id: 'order-1',
    reason: 'attempts_exhausted',
    attempt_count: 1,
  });
});

test('what waited comes out', async () => {
  await api.call('PATCH', '/api/v1/webhooks/waiting', { url: `${receiver.url}/waiting` });
  await api.call('PATCH', '/api/v1/webhooks/paused', { url: `${receiver.url}/paused` });
  await api.call('POST', '/api/v1/webhooks/paused/resume');
  // By themselves they come out only while this dump is younger than what a delivery may wait.
  for (const webhook of ['waiting', 'paused']) {
    const { data } = await read<{ data: Delivery[] }>(`webhooks/${webhook}/deliveries`);
    const id = data.at(-1)!.id;
    expect((await api.call('POST', `/api/v1/deliveries/${id}/retry`)).status).toBe(202);
  }
  await eventually(
    () => {
      const arrived = receiver.requests.map(({ path, body }) => `${path} ${JSON.parse(body.toString('utf8')).id}`);
      expect(arrived).toEqual(expect.arrayContaining(['/waiting order-1', '/paused stock-1']));
    },
    { timeoutMs: 30_000 },
  );
});

test('the catalogue still refuses what does not fit', async () => {
  const event = { id: 'order-4', type: 'order.created', source: 'test', data: {} };
  expect((await api.call('POST', '/api/v1/events', event)).status).toBe(400);
});
