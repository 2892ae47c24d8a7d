import { createReceiver, eventually, type Receiver } from '@hookline/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { logIn, type Api } from '../api.ts';
import { startPlatform, type RunningPlatform } from './modes.ts';

/* Six processes: what is set at the registry is asked for by ingestion, which tells what was used to the gateway through the store. */

let platform: RunningPlatform;
let receiver: Receiver;
let api: Api;

beforeAll(async () => {
  receiver = await createReceiver();
  platform = await startPlatform('postgres', { QUOTAS_EVENTS_PER_DAY: '1000' });
  api = await logIn(platform.gatewayUrl, platform.password);
}, 300_000);

afterAll(async () => {
  expect(await platform?.stop()).toEqual([]);
  await receiver?.close();
}, 120_000);

interface Quotas {
  events_per_day: { limit: number; is_default: boolean; used: number };
}

let published = 0;
let accepted = 0;
async function publish() {
  const event = { id: `event-${++published}`, type: 'order.created', source: '/shop', data: {} };
  const answer = await api.call<{ code?: string }>('POST', '/api/v1/events', event);
  if (answer.status === 202) accepted++;
  return answer;
}
const told = () =>
  receiver.requests.map(({ body }) => (JSON.parse(body.toString()) as { data: Record<string, unknown> }).data);

test('a tenant is told by its webhook before its quota is used up, and refused until it gets more', async () => {
  await api.createWebhook({ url: receiver.url, event_types: ['quota.warning'] });
  const quotas = async () => (await api.call<Quotas>('GET', '/api/v1/quotas')).body.events_per_day;
  expect(await quotas()).toMatchObject({ limit: 1_000, is_default: true, used: 0 });
  for (let n = 0; n < 3; n++) expect((await publish()).status).toBe(202);

  expect((await api.call('PUT', '/api/v1/tenants/default/quotas', { events_per_day: 4 })).status).toBe(200);
  // Until ingestion has heard of it more is accepted; then nothing is.
  await eventually(async () => expect((await publish()).body.code).toBe('event_quota_exceeded'), { timeoutMs: 30_000 });
  await eventually(() => expect(told()).toContainEqual(expect.objectContaining({ percent: 100, limit: 4 })), {
    timeoutMs: 30_000,
  });
  await eventually(async () => expect((await quotas()).used).toBe(accepted), { timeoutMs: 30_000 });

  // One more is at least 80 % of it, and not all.
  const more = accepted + 2;
  await api.call('PUT', '/api/v1/tenants/default/quotas', { events_per_day: more });
  await eventually(async () => expect((await publish()).status).toBe(202), { timeoutMs: 30_000 });
  await eventually(() => expect(told()).toContainEqual(expect.objectContaining({ percent: 80, limit: more })), {
    timeoutMs: 30_000,
  });
}, 180_000);
