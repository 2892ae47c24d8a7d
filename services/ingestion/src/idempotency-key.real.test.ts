import { Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  eventBody,
  newId,
  openEmbedded,
  openFull,
  post,
  readAll,
  startOn,
  tokenOf,
  type Stores,
} from './testing/scene.ts';

function send(base: string, path: string, key: string, body: object, tenant = 'acme') {
  const headers = { authorization: `Bearer ${tokenOf(tenant)}`, 'idempotency-key': key };
  return post(`${base}/api/v1/${path}`, JSON.stringify(body), headers);
}

const WITHOUT_ID = { type: 'order.created', source: '/shop', data: { n: 1 } };

describe.each([
  { name: 'PGlite and memory', open: openEmbedded },
  { name: 'Kafka and Redis', open: openFull },
])('an idempotency key on $name', ({ open }) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await open();
  }, 180_000);
  afterAll(() => stores?.close(), 60_000);

  test('makes one event of the same request, however often it comes and wherever', async () => {
    const copies = [await startOn(stores), await startOn(stores)];
    const key = newId();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => send(copies[n % 2]!.base, 'events', key, WITHOUT_ID)),
    );
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(answers[0]!.status).toBe(202);
    expect(answers.filter(({ headers }) => headers.get('hookline-duplicate') === null)).toHaveLength(1);
    const id = answers[0]!.body['id'];
    expect(id).toMatch(/^evt_[0-9a-f]{32}$/);
    expect((await readAll(stores.eventLog)).filter((event) => event.id === id)).toHaveLength(1);
  });

  test('belongs to its request: another one under it is a conflict, whatever ids it has', async () => {
    const { base } = await startOn(stores);
    const key = newId();
    expect((await send(base, 'events', key, WITHOUT_ID)).status).toBe(202);
    for (const [path, body] of [
      ['events', { ...WITHOUT_ID, data: { n: 2 } }],
      ['events', { ...WITHOUT_ID, id: newId() }],
      ['events', { ...WITHOUT_ID, ttl: '5m' }],
      ['events:batch', { events: [WITHOUT_ID, WITHOUT_ID] }],
    ] as const) {
      const answer = await send(base, path, key, body);
      expect([answer.status, answer.body.code, answer.body.errors?.[0]?.pointer]).toEqual([
        409,
        'idempotency_key_reused',
        'idempotency-key',
      ]);
    }
    expect((await send(base, 'events', key, WITHOUT_ID)).headers.get('hookline-duplicate')).toBe('true');
    // Quotes, as a structured field has them, are not part of it; tenants don't share keys.
    expect((await send(base, 'events', `"${key}"`, WITHOUT_ID)).headers.get('hookline-duplicate')).toBe('true');
    expect((await send(base, 'events', key, { ...WITHOUT_ID, data: 3 }, 'globex')).status).toBe(202);
  });

  test('does not replace the id of an event that has one', async () => {
    const { base } = await startOn(stores);
    const [key, id] = [newId(), newId()];
    expect((await send(base, 'events', key, eventBody(id))).body['id']).toBe(id);
    expect((await send(base, 'events', newId(), eventBody(id))).headers.get('hookline-duplicate')).toBe('true');
    const taken = await send(base, 'events', newId(), eventBody(id, 'other'));
    expect([taken.status, taken.body.code]).toEqual([409, 'event_id_taken']);
  });

  test('makes a batch repeatable, those of its events included that have no id', async () => {
    const { base } = await startOn(stores);
    const key = newId();
    const batch = { events: [WITHOUT_ID, eventBody(newId()), WITHOUT_ID, { type: 'a b' }] };
    const [first, again] = [await send(base, 'events:batch', key, batch), await send(base, 'events:batch', key, batch)];
    const items = (answer: typeof first) => answer.body['events'] as { id: string; status: string }[];
    expect(items(first).map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted', 'rejected']);
    expect(items(again).map(({ status }) => status)).toEqual(['duplicate', 'duplicate', 'duplicate', 'rejected']);
    expect(items(again).map(({ id }) => id)).toEqual(items(first).map(({ id }) => id));
    expect(new Set(items(first).map(({ id }) => id)).size).toBe(4);
  });

  test('is kept by a request that came to nothing, which may be sent again', async () => {
    const eventLog: EventLog = { ...stores.eventLog, append: () => Promise.reject(new Unavailable('away')) };
    const { base: broken } = await startOn({ ...stores, eventLog });
    const { base } = await startOn(stores);
    const key = newId();
    expect((await send(broken, 'events', key, WITHOUT_ID)).status).toBe(503);
    expect((await send(base, 'events', key, { ...WITHOUT_ID, data: 2 })).status).toBe(409);
    const again = await send(base, 'events', key, WITHOUT_ID);
    expect([again.status, again.headers.get('hookline-duplicate')]).toEqual([202, null]);
  });

  test('gives the same id without the store of ids, and the answer says that nobody checked', async () => {
    const away = () => Promise.reject(new Unavailable('away'));
    const limits = { ...stores.limits, deduplication: { claim: away, finish: away, abandon: away } };
    const { base } = await startOn({ eventLog: stores.eventLog, limits });
    const key = newId();
    const answers = [await send(base, 'events', key, WITHOUT_ID), await send(base, 'events', key, WITHOUT_ID)];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers.map(({ headers }) => headers.get('hookline-deduplication'))).toEqual(['unavailable', 'unavailable']);
    expect(answers[0]!.body['id']).toBe(answers[1]!.body['id']);
  });

  test.each([' ', '', '""', 'x'.repeat(256), 'sch\u00f6n', 'a\tb'])('%j is none', async (key) => {
    const { base } = await startOn(stores);
    const answer = await send(base, 'events', key, WITHOUT_ID);
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([400, 'idempotency-key']);
  });
});
