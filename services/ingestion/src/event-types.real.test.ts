import { encodeEventType, eventTypeKey, type EventTypeRule } from '@hookline/contracts';
import { eventually } from '@hookline/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  eventBody,
  newId,
  openEmbedded,
  post,
  publish,
  readAll,
  startOn,
  tokenOf,
  type Stores,
} from './testing/scene.ts';

let stores: Stores;
let base: string;
let metrics: { metrics(): Promise<string> };
let version = 0;
beforeAll(async () => {
  stores = await openEmbedded();
}, 60_000);
afterAll(() => stores?.close());
beforeEach(async () => {
  ({ base, metrics } = await startOn(stores));
});

const SCHEMA = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };

/** As the registry publishes it; resolves when this copy has read it. */
async function rule(type: string, onMismatch: EventTypeRule['onMismatch'] | null, schema: unknown = SCHEMA) {
  const what = onMismatch === null ? null : { schema: JSON.stringify(schema), onMismatch };
  await stores.eventLog.append([encodeEventType(eventTypeKey('acme', type), ++version, what)]);
  // A type that comes after it.
  const marker = `marker.m${version}`;
  await stores.eventLog.append([
    encodeEventType(eventTypeKey('acme', marker), ++version, { schema: '{"not":{}}', onMismatch: 'reject' }),
  ]);
  await eventually(async () => expect((await publish(base, { ...eventBody(newId()), type: marker })).status).toBe(400));
}

async function published(id: string) {
  return (await readAll(stores.eventLog)).find((event) => event.id === id);
}

describe('an event whose data doesn’t fit', () => {
  test('is refused where its type says so, with the place', async () => {
    await rule('order.created', 'reject');
    const id = newId();
    const refused = await publish(base, eventBody(id, { n: 'x' }));
    expect([refused.status, refused.body.code, refused.body.errors]).toMatchObject([
      400,
      'schema_mismatch',
      [{ pointer: '/data/n' }],
    ]);
    expect((await publish(base, eventBody(id, {}))).body.errors).toMatchObject([{ pointer: '/data/n' }]);
    // It has left nothing: the id is free.
    expect((await publish(base, eventBody(id, { n: 1 }))).status).toBe(202);
    expect((await publish(base, eventBody(newId(), { n: 'x' }), 'globex')).status).toBe(202);
    expect((await publish(base, { ...eventBody(newId(), { n: 'x' }), type: 'order.paid' })).status).toBe(202);
    expect(await metrics.metrics()).toMatch(/webhook_events_mismatched_total\{.*action="reject".*\} [2-9]/);
  });

  test.each([
    ['tag', 'mismatched'],
    ['quarantine', 'quarantined'],
  ] as const)('is marked where its type says %s', async (onMismatch, mark) => {
    await rule('order.created', onMismatch);
    const [wrong, right] = [newId(), newId()];
    const metadata = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`m${index}`, 'x']));
    expect((await publish(base, { ...eventBody(wrong, { n: 'x' }), metadata })).status).toBe(202);
    expect((await publish(base, eventBody(right))).status).toBe(202);
    expect((await published(wrong))?.metadata).toEqual({ ...metadata, 'hookline.schema': mark });
    expect((await published(right))?.metadata).toBeUndefined();
    const repeated = await publish(base, { ...eventBody(wrong, { n: 'x' }), metadata });
    expect(repeated.status).toBe(202);
  });

  test('concerns nobody else in its batch', async () => {
    await rule('order.created', 'reject');
    const ids = [newId(), newId(), newId()];
    const events = ids.map((id, index) => eventBody(id, { n: index === 1 ? 'x' : index }));
    const headers = { authorization: `Bearer ${tokenOf('acme')}` };
    const { body } = await post(`${base}/api/v1/events:batch`, JSON.stringify({ events }), headers);
    expect(JSON.stringify(body)).toContain('/events/1/data/n');
    expect((await published(ids[0]!))?.id).toBe(ids[0]);
    expect(await published(ids[1]!)).toBeUndefined();
    expect((await published(ids[2]!))?.id).toBe(ids[2]);
  });

  test('may be no JSON at all', async () => {
    await rule('order.created', 'reject');
    const headers = {
      authorization: `Bearer ${tokenOf('acme')}`,
      'content-type': 'text/plain',
      'ce-specversion': '1.0',
      'ce-id': newId(),
      'ce-type': 'order.created',
      'ce-source': '/shop',
    };
    expect((await post(`${base}/api/v1/events`, 'hello', headers)).body.code).toBe('schema_mismatch');
  });

  test('is taken once its type asks for nothing, and an older rule doesn’t come back', async () => {
    await rule('order.created', 'reject');
    const old = version;
    await rule('order.created', null);
    expect((await publish(base, eventBody(newId(), { n: 'x' }))).status).toBe(202);
    const late = encodeEventType(eventTypeKey('acme', 'order.created'), old - 1, {
      schema: JSON.stringify(SCHEMA),
      onMismatch: 'reject',
    });
    await stores.eventLog.append([late]);
    await rule('another.type', null);
    expect((await publish(base, eventBody(newId(), { n: 'x' }))).status).toBe(202);
  });

  test('is found out from the first request after a start', async () => {
    await rule('order.created', 'reject');
    const { base: second } = await startOn(stores);
    expect((await publish(second, eventBody(newId(), { n: 'x' }))).status).toBe(400);
    await rule('order.created', null);
  });
});
