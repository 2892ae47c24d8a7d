import { nextUtcDayMs, type Event, type QuotaOverrides } from '@hookline/domain';
import { eventsKey, usedToday } from '@hookline/limits';
import type { QuotaSource } from '@hookline/service-kit';
import { eventually, type RedisPart } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  eventBody,
  newId,
  openFull,
  post,
  publish,
  readAll,
  startOn,
  tokenOf,
  type Answer,
  type Stores,
} from '../testing/scene.ts';

let stores: Stores;
let redis: RedisPart;
beforeAll(async () => {
  const full = await openFull();
  ({ redis } = full);
  stores = full;
}, 120_000);
afterAll(() => stores?.close());

let tenants = 0;
const newTenant = () => `tenant-${++tenants}`;

function publishBatch(base: string, count: number, tenant: string): Promise<Answer> {
  const events = Array.from({ length: count }, () => eventBody(newId()));
  const authorization = `Bearer ${tokenOf(tenant)}`;
  return post(`${base}/api/v1/events:batch`, JSON.stringify({ events }), { authorization });
}

const codeOf = ({ status, body }: Answer) => [status, body.code];
const REFUSED = [429, 'event_quota_exceeded'];

/** What the registry would say of one tenant. */
function overriding(tenant: string, overrides: QuotaOverrides): QuotaSource & { set(to: QuotaOverrides): void } {
  let current = overrides;
  return {
    quotaChanges: async () => ({
      changes: [{ tenant, overrides: current }],
      cursor: '1',
      more: false,
      fromStart: false,
    }),
    set: (to) => (current = to),
  };
}

async function warningsOf(tenant: string): Promise<Event[]> {
  const events = await readAll(stores.eventLog);
  return events.filter((event) => event.tenant === tenant && event.type === 'quota.warning');
}

const dataOf = ({ data }: Event) => JSON.parse(data.toString()) as Record<string, unknown>;

describe('a tenant’s events of a day', () => {
  const FIVE = { QUOTAS_EVENTS_PER_DAY: '5' };

  test('are accepted up to the quota, of a batch the first; each of the others is refused for itself', async () => {
    const { base } = await startOn(stores, FIVE);
    const tenant = newTenant();
    expect((await publish(base, eventBody(newId()), tenant)).status).toBe(202);
    const { status, headers, body } = await publishBatch(base, 6, tenant);
    expect([status, body['accepted'], body['not_accepted']]).toEqual([207, 4, 2]);
    const items = body['events'] as { status: string; problem?: { code: string } }[];
    expect(items.map((item) => item.status)).toEqual([...Array<string>(4).fill('accepted'), 'failed', 'failed']);
    expect(items.at(-1)?.problem?.code).toBe('event_quota_exceeded');
    const untilMidnight = Math.ceil((nextUtcDayMs(Date.now()) - Date.now()) / 1_000);
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(untilMidnight);
    const single = await publish(base, eventBody(newId()), tenant);
    expect(codeOf(single)).toEqual(REFUSED);
    expect(single.headers.get('content-type')).toBe('application/problem+json');
    expect(codeOf(await publishBatch(base, 2, tenant))).toEqual(REFUSED);
    expect((await publish(base, eventBody(newId()), newTenant())).status).toBe(202);
  });

  test('that are sent again are answered as they were, and count once', async () => {
    const { base } = await startOn(stores, FIVE);
    const tenant = newTenant();
    const id = newId();
    for (let time = 0; time < 7; time++) expect((await publish(base, eventBody(id), tenant)).status).toBe(202);
    expect((await publishBatch(base, 4, tenant)).status).toBe(202);
    const again = await publish(base, eventBody(id), tenant);
    expect([again.status, again.headers.get('hookline-duplicate')]).toEqual([202, 'true']);
    expect(codeOf(await publish(base, eventBody(newId()), tenant))).toEqual(REFUSED);
  });

  test('are counted over copies, and from one process to the next', async () => {
    const tenant = newTenant();
    const { base, ingestion } = await startOn(stores, FIVE);
    expect((await publishBatch(base, 3, tenant)).status).toBe(202);
    await ingestion.close(Date.now() + 5_000);
    const { base: next } = await startOn(stores, FIVE);
    expect((await publishBatch(next, 3, tenant)).body['accepted']).toBe(2);
    const { base: other } = await startOn(stores, FIVE);
    await eventually(async () => expect(codeOf(await publish(other, eventBody(newId()), tenant))).toEqual(REFUSED));
  });

  test('are as many as was set for the tenant, within seconds, and one that was refused can be sent then', async () => {
    const tenant = newTenant();
    const quotas = overriding(tenant, { events_per_day: 2 });
    const { base } = await startOn(stores, FIVE, { quotas });
    expect((await publishBatch(base, 3, tenant)).body['accepted']).toBe(2);
    const id = newId();
    expect(codeOf(await publish(base, eventBody(id), tenant))).toEqual(REFUSED);
    quotas.set({ events_per_day: 0 });
    await eventually(
      async () => {
        const answer = await publish(base, eventBody(id), tenant);
        expect([answer.status, answer.headers.get('hookline-duplicate')]).toEqual([202, null]);
      },
      { timeoutMs: 20_000 },
    );
    expect((await publishBatch(base, 10, tenant)).status).toBe(202);
    quotas.set({});
    await eventually(async () => expect(codeOf(await publish(base, eventBody(newId()), tenant))).toEqual(REFUSED), {
      timeoutMs: 20_000,
    });
  }, 60_000);

  test('are told of once at each of both percentages, whichever copy says it, and not counted with that', async () => {
    const tenant = newTenant();
    const TEN = { QUOTAS_EVENTS_PER_DAY: '10' };
    const { base, ingestion } = await startOn(stores, TEN);
    expect((await publishBatch(base, 7, tenant)).status).toBe(202);
    expect((await publish(base, eventBody(newId()), tenant)).status).toBe(202);
    await ingestion.close(Date.now() + 5_000);
    expect((await warningsOf(tenant)).map(dataOf)).toMatchObject([{ percent: 80, used: 8 }]);
    const { base: next, ingestion: second } = await startOn(stores, TEN);
    expect((await publish(next, eventBody(newId()), tenant)).status).toBe(202);
    expect((await publishBatch(next, 3, tenant)).body['accepted']).toBe(1);
    expect(codeOf(await publish(next, eventBody(newId()), tenant))).toEqual(REFUSED);
    await second.close(Date.now() + 5_000);
    const warnings = await warningsOf(tenant);
    expect(warnings.map(({ source }) => source)).toEqual(['hookline', 'hookline']);
    expect(warnings.map(dataOf)).toMatchObject([
      { quota: 'events_per_day', percent: 80, limit: 10 },
      { quota: 'events_per_day', percent: 100, used: 10, limit: 10 },
    ]);
  }, 60_000);
});

describe('an event’s data', () => {
  const SMALL = { QUOTAS_PAYLOAD_BYTES: '100' };
  const dataOfSize = (bytes: number) => 'x'.repeat(bytes - 2);
  const event = (bytes: number) => ({ ...eventBody(newId()), data: dataOfSize(bytes) });
  const cloudEvent = (bytes: number) => ({ specversion: '1.0', ...event(bytes) });
  const single = 'application/json';

  test.each<[string, string, string, (bytes: number) => object, string]>([
    ['an event', '/api/v1/events', single, event, '/data'],
    ['an event without a token', '/events', single, event, '/data'],
    ['a CloudEvent', '/api/v1/events', 'application/cloudevents+json', cloudEvent, '/data'],
  ])('of %s is no larger than the quota', async (_what, path, type, make, pointer) => {
    const { base } = await startOn(stores, { ...SMALL, INGESTION_PUBLIC_EVENTS: 'true' });
    const headers = { authorization: `Bearer ${tokenOf(newTenant())}`, 'content-type': type };
    const send = (bytes: number) => post(base + path, JSON.stringify(make(bytes)), headers);
    expect((await send(100)).status).toBe(202);
    const refused = await send(101);
    expect(codeOf(refused)).toEqual([413, 'payload_quota_exceeded']);
    expect(refused.body.errors).toEqual([{ pointer, detail: 'too large' }]);
  });

  test('of one of a batch concerns no other', async () => {
    const { base } = await startOn(stores, SMALL);
    const authorization = `Bearer ${tokenOf(newTenant())}`;
    const batches: [string, string, string, unknown][] = [
      ['/api/v1/events:batch', single, '/events/1/data', { events: [event(9), event(101), event(100)] }],
      ['/api/v1/events', 'application/cloudevents-batch+json', '/1/data', [9, 101, 100].map(cloudEvent)],
    ];
    for (const [path, type, pointer, body] of batches) {
      const answer = await post(base + path, JSON.stringify(body), { authorization, 'content-type': type });
      expect([answer.status, answer.body['accepted']]).toEqual([207, 2]);
      expect(answer.body['events']).toMatchObject([
        { status: 'accepted' },
        { status: 'rejected', problem: { status: 413, code: 'payload_quota_exceeded', errors: [{ pointer }] } },
        { status: 'accepted' },
      ]);
    }
  });

  test('of a binary CloudEvent is the body', async () => {
    const { base } = await startOn(stores, SMALL);
    const headers = () => ({
      authorization: `Bearer ${tokenOf(newTenant())}`,
      'content-type': 'application/octet-stream',
      'ce-specversion': '1.0',
      'ce-id': newId(),
      'ce-type': 'order.created',
      'ce-source': '/shop',
    });
    const send = (bytes: number) => post(`${base}/api/v1/events`, Buffer.alloc(bytes), headers());
    expect((await send(100)).status).toBe(202);
    expect(codeOf(await send(101))).toEqual([413, 'payload_quota_exceeded']);
  });

  test('that comes close to the quota is told of, once', async () => {
    const tenant = newTenant();
    const { base, ingestion } = await startOn(stores, SMALL);
    for (const bytes of [79, 80, 95]) expect((await publish(base, event(bytes), tenant)).status).toBe(202);
    await ingestion.close(Date.now() + 5_000);
    expect((await warningsOf(tenant)).map(dataOf)).toMatchObject([
      { quota: 'payload_bytes', percent: 80, used: 80, limit: 100 },
    ]);
  });
});

test('without Redis publishing goes on, by what the copy has counted itself; with it back it is told of all', async () => {
  const tenant = newTenant();
  const { base, metrics } = await startOn(stores, { QUOTAS_EVENTS_PER_DAY: '20' });
  expect((await publishBatch(base, 8, tenant)).status).toBe(202);
  await redis.kill();
  for (let n = 0; n < 12; n++) expect((await publish(base, eventBody(newId()), tenant)).status).toBe(202);
  expect(codeOf(await publish(base, eventBody(newId()), tenant))).toEqual(REFUSED);
  await eventually(async () =>
    expect(await metrics.getSingleMetricAsString('webhook_limits_failures_total')).toMatch(/call="tally".*\} [1-9]/),
  );
  await redis.start();
  await eventually(async () => expect(await usedToday(stores.limits.tallies, eventsKey(tenant), Date.now())).toBe(20), {
    timeoutMs: 30_000,
  });
}, 90_000);
