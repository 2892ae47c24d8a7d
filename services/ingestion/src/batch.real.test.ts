import { decodeEvent } from '@hookline/contracts';
import { Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  countOf,
  eventBody,
  newId,
  openEmbedded,
  openFull,
  post,
  readAll,
  startOn,
  tokenOf,
  type Answer,
  type Stores,
} from './testing/scene.ts';

const auth = { authorization: `Bearer ${tokenOf('acme')}` };

function publishBatch(base: string, body: object | string, headers: Record<string, string> = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return post(`${base}/api/v1/events:batch`, text, { ...auth, ...headers });
}

interface Item {
  id: string | null;
  status: string;
  accepted_at?: string;
  problem?: { status: number; code: string; errors?: { pointer: string }[] };
}

const itemsOf = ({ body }: Answer) => body['events'] as Item[];
const batchOf = (count: number) => ({ events: Array.from({ length: count }, () => eventBody(newId())) });

describe.each([
  { name: 'PGlite and memory', open: openEmbedded },
  { name: 'Kafka and Redis', open: openFull },
])('a batch on $name', ({ open }) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await open();
  }, 180_000);
  afterAll(() => stores?.close(), 60_000);

  test('is answered event by event, in order, and in the log byte for byte', async () => {
    const { base, metrics } = await startOn(stores);
    const ids = Array.from({ length: 3 }, newId);
    const data = ['{"a":1.0, "b":"]}"}', '[ 12345678901234567890 ]', '"\\u00e9 \\"data\\": 😀"'];
    const events = ids.map((id, n) => `{ "id":"${id}", "type":"a.b", "data": ${data[n]} ,"source":"s"}`);
    const answer = await publishBatch(base, `{"events": [${events.join(' , ')}] }`);
    expect(answer.status).toBe(202);
    const acceptedAt = itemsOf(answer)[0]!.accepted_at;
    expect(answer.body).toEqual({
      accepted: 3,
      not_accepted: 0,
      events: ids.map((id) => ({ id, status: 'accepted', accepted_at: acceptedAt })),
    });
    const found = (await readAll(stores.eventLog)).filter(({ id }) => ids.includes(id));
    expect(found.map(({ data: bytes }) => bytes.toString()).sort()).toEqual(data.toSorted());
    expect(new Set(found.map(({ tenant }) => tenant))).toEqual(new Set(['acme']));
    expect(await metrics.getSingleMetricAsString('webhook_events_ingested_total')).toMatch(/\} 3$/);
  });

  test('of 1,000 goes in as one claim and one append; one more is refused', async () => {
    let claims = 0;
    let appends = 0;
    const eventLog: EventLog = {
      ...stores.eventLog,
      append(records, options) {
        appends++;
        return stores.eventLog.append(records, options);
      },
    };
    const { deduplication } = stores.limits;
    const limits = {
      ...stores.limits,
      deduplication: {
        ...deduplication,
        claim(...given: Parameters<typeof deduplication.claim>) {
          claims++;
          return deduplication.claim(...given);
        },
        finish: (...given: Parameters<typeof deduplication.finish>) => deduplication.finish(...given),
        abandon: (...given: Parameters<typeof deduplication.abandon>) => deduplication.abandon(...given),
      },
    };
    const { base } = await startOn({ eventLog, limits });
    const batch = batchOf(1_000);
    const answer = await publishBatch(base, batch);
    expect([answer.status, answer.body['accepted']]).toEqual([202, 1_000]);
    expect(itemsOf(answer).map(({ id }) => id)).toEqual(batch.events.map(({ id }) => id));
    expect([claims, appends]).toEqual([1, 1]);
    const before = await countOf(stores.eventLog);
    const tooMany = await publishBatch(base, batchOf(1_001));
    expect([tooMany.status, tooMany.body.errors]).toEqual([
      400,
      [{ pointer: '/events', detail: 'must have 1 to 1000 events' }],
    ]);
    expect(await countOf(stores.eventLog)).toBe(before);
  });

  test('one that is wrong, or another event under its id, concerns no other', async () => {
    const { base, metrics } = await startOn(stores);
    const [taken, repeated, twice, fresh] = [newId(), newId(), newId(), newId()];
    await publishBatch(base, { events: [eventBody(taken), eventBody(repeated)] });
    const answer = await publishBatch(base, {
      events: [
        eventBody(taken, { n: 2 }),
        eventBody(repeated),
        { id: 'x'.repeat(300), type: 'a b', source: '/shop', colour: 1 },
        eventBody(twice),
        eventBody(twice),
        eventBody(twice, 'other'),
        7,
        eventBody(fresh),
        { type: 'a', source: 'b' },
        eventBody(newId(), 'x'.repeat(1024 * 1024)),
      ],
    });
    expect(answer.status).toBe(207);
    expect(answer.body).toMatchObject({ accepted: 5, not_accepted: 5 });
    const items = itemsOf(answer);
    expect(items.map(({ status }) => status)).toEqual([
      'rejected',
      'duplicate',
      'rejected',
      'accepted',
      'duplicate',
      'rejected',
      'rejected',
      'accepted',
      'accepted',
      'rejected',
    ]);
    expect(items.flatMap(({ problem }) => (problem === undefined ? [] : [[problem.status, problem.code]]))).toEqual([
      [409, 'event_id_taken'],
      [400, 'invalid_input'],
      [409, 'event_id_taken'],
      [400, 'invalid_input'],
      [413, 'too_large'],
    ]);
    const pointers = items.flatMap(({ problem }) => problem?.errors?.map(({ pointer }) => pointer) ?? []);
    expect(pointers).toEqual([
      '/events/0/id',
      '/events/2/colour',
      '/events/2/id',
      '/events/2/type',
      '/events/5/id',
      '/events/6',
      '/events/9/data',
    ]);
    expect(items[2]!.id).toBeNull();
    expect(items[8]!.id).toMatch(/^evt_/);
    const inLog = (await readAll(stores.eventLog)).map(({ id }) => id);
    for (const id of [taken, repeated, twice, fresh, items[8]!.id]) {
      expect(inLog.filter((found) => found === id)).toHaveLength(1);
    }
    const rejected = await metrics.getSingleMetricAsString('webhook_events_rejected_total');
    expect(rejected).toMatch(/reason="event_id_taken".*\} 2/);
  });

  test('the same batch again is answered as the first time', async () => {
    const { base } = await startOn(stores);
    const batch = batchOf(5);
    const first = itemsOf(await publishBatch(base, batch));
    const again = await publishBatch(base, batch);
    expect(again.status).toBe(202);
    expect(itemsOf(again)).toEqual(first.map((item) => ({ ...item, status: 'duplicate' })));
  });

  test('that can not be made durable is a 503 as a whole, and may be sent again', async () => {
    const eventLog: EventLog = {
      ...stores.eventLog,
      append: () => Promise.reject(new Unavailable('the records could not be appended in time')),
    };
    const { base: broken } = await startOn({ ...stores, eventLog });
    const { base } = await startOn(stores);
    const batch = batchOf(3);
    const answer = await publishBatch(broken, batch);
    expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([
      503,
      'event_log_unavailable',
      '2',
    ]);
    const mixed = await publishBatch(broken, { events: [{ type: 'a b', source: 'c' }, ...batch.events] });
    expect([mixed.status, mixed.headers.get('retry-after')]).toEqual([207, '2']);
    expect(itemsOf(mixed).map(({ status }) => status)).toEqual(['rejected', 'failed', 'failed', 'failed']);
    expect(itemsOf(mixed)[1]!.problem).toMatchObject({ status: 503, code: 'event_log_unavailable' });
    const again = await publishBatch(base, batch);
    expect([again.status, again.body['accepted']]).toEqual([202, 3]);
  });

  test('goes on without the store of ids, and says so', async () => {
    const away = () => Promise.reject(new Unavailable('away'));
    const limits = { ...stores.limits, deduplication: { claim: away, finish: away, abandon: away } };
    const { base, metrics } = await startOn({ eventLog: stores.eventLog, limits });
    const answer = await publishBatch(base, batchOf(4));
    expect([answer.status, answer.headers.get('hookline-deduplication')]).toEqual([202, 'unavailable']);
    expect(await metrics.getSingleMetricAsString('webhook_events_without_deduplication_total')).toMatch(/\} 4$/);
  });

  test('keeps the order of events with one partition key', async () => {
    const { base } = await startOn(stores);
    const events = Array.from({ length: 300 }, (_, n) => ({ ...eventBody(newId(), n), partitionkey: 'one' }));
    expect((await publishBatch(base, { events })).status).toBe(202);
    const read: string[] = [];
    const following = await stores.eventLog.follow({
      topic: 'webhook.events',
      async received(records) {
        for (const record of records) {
          const decoded = decodeEvent(record);
          if (decoded.kind === 'event' && decoded.event.partitionKey === 'one') read.push(decoded.event.id);
        }
      },
      onFailure() {},
    });
    while (read.length < 300) await new Promise((resolve) => setTimeout(resolve, 20));
    await following.close();
    expect(read).toEqual(events.map(({ id }) => id));
  });
});

describe('what is no batch', () => {
  let stores: Stores;
  let base: string;
  beforeAll(async () => {
    stores = await openEmbedded();
  }, 60_000);
  afterAll(() => stores?.close());

  test.each<[string, string | object, number, string, string]>([
    ['a list', '[]', 400, 'invalid_input', ''],
    ['nothing', '', 400, 'invalid_json', ''],
    ['no JSON', '{"events":[}', 400, 'invalid_json', ''],
    ['no events', {}, 400, 'invalid_input', '/events'],
    ['an empty list', { events: [] }, 400, 'invalid_input', '/events'],
    ['an object of events', { events: {} }, 400, 'invalid_input', '/events'],
    ['two lists', '{"events":[1],"events":[{"type":"a","source":"b"}]}', 400, 'invalid_input', '/events'],
    ['null', { events: null }, 400, 'invalid_input', '/events'],
    ['another field', { events: [eventBody('a')], 'x/y': 1 }, 400, 'invalid_input', '/x~1y'],
    ['more than 4 MiB', { events: [eventBody('a', 'x'.repeat(4 * 1024 * 1024))] }, 413, 'too_large', ''],
  ])('%s is refused as a whole', async (_what, body, status, code, pointer) => {
    ({ base } = await startOn(stores));
    const answer = await publishBatch(base, body);
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.pointer]).toEqual([status, code, pointer]);
  });

  test('who may not publish may not publish many', async () => {
    ({ base } = await startOn(stores, { INGESTION_PUBLIC_EVENTS: 'false' }));
    const body = JSON.stringify(batchOf(1));
    const url = `${base}/api/v1/events:batch`;
    expect((await post(url, body)).status).toBe(401);
    expect((await post(url, body, { authorization: `Bearer ${tokenOf('acme', ['webhooks:read'])}` })).status).toBe(403);
    expect((await post(url, body, { ...auth, 'ce-tenant': 'x' })).body.code).toBe('tenant_not_allowed');
    expect((await post(url, body, { ...auth, 'content-type': 'application/cloudevents-batch+json' })).status).toBe(415);
    expect((await post(url, body, { ...auth, 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await post(`${base}/events:batch`, body)).status).toBe(404);
    expect((await fetch(url)).status).toBe(405);
  });

  test('POST /events:batch needs no token and goes to the default tenant', async () => {
    ({ base } = await startOn(stores));
    const batch = batchOf(2);
    expect((await post(`${base}/events:batch`, JSON.stringify(batch))).status).toBe(202);
    const events = (await readAll(stores.eventLog)).filter(({ id }) => batch.events.some((event) => event.id === id));
    expect(events.map(({ tenant }) => tenant)).toEqual(['default', 'default']);
  });
});
