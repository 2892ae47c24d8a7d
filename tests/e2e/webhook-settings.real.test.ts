import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createReceiver, eventually } from '@hookline/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { logIn, type Api } from '../api.ts';
import { startPlatform, type RunningPlatform } from './modes.ts';

let platform: RunningPlatform;
let api: Api;
let receiver: Awaited<ReturnType<typeof createReceiver>>;
let sequence = 0;

beforeAll(async () => {
  platform = await startPlatform('embedded');
  api = await logIn(platform.gatewayUrl, platform.password);
  receiver = await createReceiver({});
}, 120_000);
afterAll(async () => {
  await receiver?.close();
  expect(await platform?.stop()).toEqual([]);
}, 60_000);

beforeEach(() => {
  sequence++;
  receiver.requests.length = 0;
});

const type = () => `settings.t${sequence}`;

async function create(more: object = {}): Promise<{ path: string; secret: string }> {
  const json = { url: receiver.url, event_types: [type()], ...more };
  const { status, body } = await api.call<{ id: string; secret: string }>('POST', '/api/v1/webhooks', json);
  expect([status, body]).toEqual([201, body]);
  return { path: `/api/v1/webhooks/${body.id}`, secret: body.secret };
}

async function must(method: string, path: string, json?: unknown): Promise<void> {
  const { status, body } = await api.call(method, path, json);
  expect([method, path, status < 300, body]).toEqual([method, path, true, body]);
}

const arrivedIds = () => receiver.requests.map(({ body }) => (JSON.parse(body.toString()) as { id: string }).id);
const arrival = (id: string) => eventually(() => expect(arrivedIds()).toContain(id), { timeoutMs: 20_000 });

test('only what a filter is true of arrives, also after it was changed', async () => {
  const { path } = await create({ filter: { 'data.total': { $gte: 100 } } });
  await api.publish(`small-${sequence}`, type(), '{"total":5}');
  await api.publish(`large-${sequence}`, type(), '{"total":500}');
  await arrival(`large-${sequence}`);
  await must('PATCH', path, { filter: { 'data.total': { $gte: null, $lt: 100 } } });
  await api.publish(`large-again-${sequence}`, type(), '{"total":500}');
  await api.publish(`small-again-${sequence}`, type(), '{"total":5}');
  await arrival(`small-again-${sequence}`);
  await sleep(500);
  expect(arrivedIds()).toEqual([`large-${sequence}`, `small-again-${sequence}`]);
}, 60_000);

test('what comes while a webhook is paused arrives when it is resumed', async () => {
  const { path } = await create();
  await must('POST', `${path}/pause`);
  await api.publish(`paused-${sequence}`, type(), '{}');
  await sleep(1_500);
  expect(arrivedIds()).toEqual([]);
  await must('POST', `${path}/resume`);
  await api.publish(`resumed-${sequence}`, type(), '{}');
  await arrival(`resumed-${sequence}`);
  // Within seconds, and not only when somebody would look again by itself.
  await arrival(`paused-${sequence}`);
}, 60_000);

test('a secret that was rotated signs beside the new one', async () => {
  const { path, secret: old } = await create();
  const { body } = await api.call<{ secret: string }>('POST', `${path}/secret/rotate`, { overlap: '1h' });
  await api.publish(`rotated-${sequence}`, type(), '{}');
  await arrival(`rotated-${sequence}`);
  const [request] = receiver.requests;
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signed } = request?.headers ?? {};
  const expected = [body.secret, old].map((secret) => {
    const mac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'));
    return `v1,${mac.update(`${String(id)}.${String(at)}.${request?.body.toString()}`).digest('base64')}`;
  });
  expect(signed).toBe(expected.join(' '));
}, 60_000);

test('what doesn’t fit its schema is refused, marked or kept from everybody', async () => {
  const schema = { type: 'object', required: ['total'] };
  await create();
  const put = (onMismatch: string) => must('PUT', `/api/v1/event-types/${type()}`, { schema, on_mismatch: onMismatch });
  const publish = (id: string, data: object) =>
    api.call('POST', '/api/v1/events', { id: `${id}-${sequence}`, type: type(), source: 'test', data });
  await put('reject');
  await eventually(async () => expect((await publish('rejected', {})).status).toBe(400));
  await put('quarantine');
  await eventually(async () => expect((await publish('quarantined', {})).status).toBe(202));
  await publish('fits', { total: 1 });
  await arrival(`fits-${sequence}`);
  expect(arrivedIds()).toEqual([`fits-${sequence}`]);
  const { body } = await api.call('GET', `/api/v1/events/quarantined-${sequence}`);
  expect(body).toMatchObject({ metadata: { 'hookline.schema': 'quarantined' }, deliveries: [] });
}, 60_000);

test('a disabled webhook gets nothing, and what it got is counted', async () => {
  const { path } = await create({ uid: `mine-${sequence}` });
  await api.publish(`before-${sequence}`, type(), '{}');
  await arrival(`before-${sequence}`);
  await must('POST', `/api/v1/webhooks/mine-${sequence}/disable`);
  await api.publish(`disabled-${sequence}`, type(), '{}');
  await must('POST', `${path}/enable`);
  await api.publish(`after-${sequence}`, type(), '{}');
  await arrival(`after-${sequence}`);
  expect(arrivedIds()).toEqual([`before-${sequence}`, `after-${sequence}`]);
  await eventually(async () => {
    const { body } = await api.call('GET', `/api/v1/webhooks/mine-${sequence}/stats`);
    expect(body).toMatchObject({ last_hour: { deliveries: 2, states: { succeeded: 2 }, success_rate: 1 } });
  });
}, 60_000);
