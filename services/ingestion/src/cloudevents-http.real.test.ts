import type { Event } from '@hookline/domain';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { newId, openEmbedded, post, readAll, startOn, tokenOf, type Answer, type Stores } from './testing/scene.ts';

/* https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md */

const auth = { authorization: `Bearer ${tokenOf('acme')}` };
const STRUCTURED = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
const BATCHED = { 'content-type': 'application/cloudevents-batch+json' };

let stores: Stores;
let base: string;
beforeAll(async () => {
  stores = await openEmbedded();
}, 60_000);
afterAll(() => stores?.close());
beforeEach(async () => {
  ({ base } = await startOn(stores));
});

const send = (body: string | Buffer | object, headers: Record<string, string>) =>
  post(`${base}/api/v1/events`, typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body), {
    ...auth,
    ...headers,
  });

const binary = (id: string, more: Record<string, string> = {}) => ({
  'ce-specversion': '1.0',
  'ce-id': id,
  'ce-type': 'order.created',
  'ce-source': '/shop',
  ...more,
});

const structured = (id: string, more: object = {}) => ({
  specversion: '1.0',
  id,
  type: 'order.created',
  source: '/shop',
  ...more,
});

async function inLog(answer: Answer): Promise<Event> {
  expect([answer.status, answer.body]).toEqual([202, { id: expect.any(String), accepted_at: expect.any(String) }]);
  const found = (await readAll(stores.eventLog)).filter(({ id }) => id === answer.body['id']);
  expect(found).toHaveLength(1);
  return found[0]!;
}

test('binary mode: attributes in headers, the body as it is', async () => {
  const id = newId();
  const data = ' {"total": 1.0 , "big":12345678901234567890}\n';
  const headers = binary(id, {
    'ce-time': '2026-01-02T03:04:05.678Z',
    'ce-subject': '%C3%BC%20%22x%22',
    'ce-partitionkey': '"quoted \\"key\\""',
    'ce-traceparent': '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'ce-dataschema': 'https://example.org/schema',
    'ce-comexampleextension1': 'value',
  });
  expect(await inLog(await send(data, headers))).toEqual({
    tenant: 'acme',
    id,
    type: 'order.created',
    source: '/shop',
    time: '2026-01-02T03:04:05.678Z',
    data: Buffer.from(data),
    contentType: 'application/json',
    acceptedAtMs: expect.any(Number),
    subject: 'ü "x"',
    partitionKey: 'quoted "key"',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    metadata: { dataschema: 'https://example.org/schema', comexampleextension1: 'value' },
  });
});

test.each<[string, Buffer]>([
  ['application/octet-stream', Buffer.from([0, 255, 128, 10, 13])],
  ['text/plain; charset=latin1', Buffer.from([0xe9])],
  ['application/xml', Buffer.from('<a/>')],
  ['application/vnd.shop+json', Buffer.from('[1.0]')],
])('binary mode takes data of any type, byte for byte: %s', async (contentType, data) => {
  const event = await inLog(await send(data, binary(newId(), { 'content-type': contentType })));
  expect([event.contentType, event.data]).toEqual([contentType, data]);
});

test('binary mode without a body is an event without data', async () => {
  expect((await inLog(await send('', binary(newId())))).data.toString()).toBe('null');
});

test('structured mode: one JSON object, its data as it is written', async () => {
  const id = newId();
  const body = `{"specversion":"1.0","id":"${id}","type":"order.created","source":"/shop","subject":"s","time":null,
    "data": {"total": 1.0},"datacontenttype":"application/json","count":7,"really":true}`;
  expect(await inLog(await send(body, STRUCTURED))).toMatchObject({
    subject: 's',
    data: Buffer.from('{"total": 1.0}'),
    contentType: 'application/json',
    metadata: { count: '7', really: 'true' },
  });
});

test.each<[string, object, string, string | Buffer]>([
  ['nothing', {}, 'application/json', 'null'],
  ['null', { data: null }, 'application/json', 'null'],
  ['a text of another type', { data: '<a/>', datacontenttype: 'text/xml' }, 'text/xml', '<a/>'],
  ['bytes', { data_base64: 'AP+A', datacontenttype: 'image/png' }, 'image/png', Buffer.from([0, 255, 128])],
  ['JSON as base64', { data_base64: 'eyJhIjogMX0=' }, 'application/json', '{"a": 1}'],
])('structured mode with %s', async (_what, more, contentType, data) => {
  const event = await inLog(await send(structured(newId(), more), STRUCTURED));
  expect([event.contentType, event.data]).toEqual([contentType, Buffer.from(data)]);
});

test('batched mode: each is answered for itself', async () => {
  const ids = [newId(), newId()];
  const answer = await send([structured(ids[0]!), structured(ids[1]!, { specversion: '0.3' }), 1], BATCHED);
  expect(answer.status).toBe(207);
  expect(answer.body['events']).toMatchObject([
    { id: ids[0], status: 'accepted' },
    { id: ids[1], status: 'rejected', problem: { errors: [{ pointer: '/1/specversion', detail: 'must be 1.0' }] } },
    { id: null, status: 'rejected', problem: { errors: [{ pointer: '/2', detail: 'must be an object' }] } },
  ]);
  expect((await send([structured(newId())], BATCHED)).status).toBe(202);
});

test('says when to deliver, until when and how to retry in extension attributes', async () => {
  const soon = new Date(Date.now() + 60_000).toISOString();
  const later = new Date(Date.now() + 120_000).toISOString();
  const said = { deliverat: soon, expirytime: later, retryschedule: '5s,1m', maxretries: '1' };
  const expected = {
    deliverAtMs: Date.parse(soon),
    expiresAtMs: Date.parse(later),
    retryScheduleMs: [5_000, 60_000],
    maxRetries: 1,
  };
  const headers = Object.fromEntries(Object.entries(said).map(([name, text]) => [`ce-${name}`, text]));
  expect(await inLog(await send('1', binary(newId(), headers)))).toMatchObject(expected);
  const body = structured(newId(), { ...said, maxretries: 1 });
  const event = await inLog(await send(body, STRUCTURED));
  expect(event).toMatchObject(expected);
  expect(event.metadata).toBeUndefined();
});

test('the same event again is the same in every mode; other data under its id is a conflict', async () => {
  const id = newId();
  await inLog(await send('{"n":1}', binary(id)));
  const again = await send(structured(id, { data: { n: 1 } }), STRUCTURED);
  expect([again.status, again.headers.get('hookline-duplicate')]).toEqual([202, 'true']);
  const native = await send({ id, type: 'order.created', source: '/shop', data: { n: 1 } }, {});
  expect([native.status, native.headers.get('hookline-duplicate')]).toEqual([202, 'true']);
  const others: [string | object, Record<string, string>][] = [
    ['{"n":2}', binary(id)],
    ['{"n":1}', binary(id, { 'ce-subject': 'x' })],
    ['{"n":1}', binary(id, { 'ce-colour': 'red' })],
    ['{"n":1}', binary(id, { 'content-type': 'text/plain' })],
    [structured(id, { data: { n: 1 }, type: 'order.paid' }), STRUCTURED],
  ];
  for (const [body, headers] of others) expect((await send(body, headers)).status).toBe(409);
  expect((await send('{"n":2}', binary(id))).body.errors?.[0]?.pointer).toBe('ce-id');
});

test.each<[string, string | Buffer | object, Record<string, string>, number, string[]]>([
  ['no specversion', '1', { 'ce-id': 'a', 'ce-type': 'b', 'ce-source': 'c' }, 400, ['ce-specversion']],
  ['another specversion', '1', binary('a', { 'ce-specversion': '0.3' }), 400, ['ce-specversion']],
  ['nothing but that', '1', { 'ce-specversion': '1.0' }, 400, ['ce-id', 'ce-type', 'ce-source']],
  ['a type that is none', '1', binary('a', { 'ce-type': 'order created' }), 400, ['ce-type']],
  ['a time that is none', '1', binary('a', { 'ce-time': 'today' }), 400, ['ce-time']],
  ['broken percent-encoding', '1', binary('a', { 'ce-subject': '%zz' }), 400, ['ce-subject']],
  ['bytes that are no ASCII', '1', binary('a', { 'ce-subject': '\u00fc' }), 400, ['ce-subject']],
  ['an encoded control character', '1', binary('a%00'), 400, ['ce-id']],
  ['a tenant', '1', binary('a', { 'ce-tenant': 'other' }), 400, ['']],
  ['a content type in an attribute', '1', binary('a', { 'ce-datacontenttype': 'a/b' }), 400, ['content-type']],
  ['a name with an underscore', '1', binary('a', { 'ce-my_name': 'x' }), 400, ['ce-my_name']],
  ['a name of every object’s', '1', binary('a', { 'ce-__proto__': 'x' }), 400, ['ce-__proto__']],
  ['the same with a fault', '1', binary('a', { 'ce-constructor': '%zz' }), 400, ['ce-constructor']],
  ['an extension too long', '1', binary('a', { 'ce-x': 'x'.repeat(1025) }), 400, ['ce-x']],
  ['a schedule that is none', '1', binary('a', { 'ce-retryschedule': '5s,soon' }), 400, ['ce-retryschedule']],
  ['retries that are no number', '1', binary('a', { 'ce-maxretries': '1e1' }), 400, ['ce-maxretries']],
  ['an expiry in the past', '1', binary('a', { 'ce-expirytime': '2020-01-01T00:00:00Z' }), 400, ['ce-expirytime']],
  ['JSON that is none', '{"a":', binary('a'), 400, ['']],
  ['JSON that is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), binary('a'), 400, ['']],
  ['a list in structured mode', '[]', STRUCTURED, 400, ['']],
  ['attributes of wrong kinds', structured('a', { x: {}, y: 1.5, Z: 'z' }), STRUCTURED, 400, ['/x', '/y', '/Z']],
  ['a prototype', `{"__proto__":1,${JSON.stringify(structured('a')).slice(1)}`, STRUCTURED, 400, ['/__proto__']],
  ['a tenant in structured mode', structured('a', { tenant: 'other' }), STRUCTURED, 400, ['/tenant']],
  ['base64 that is none', structured('a', { data_base64: 'a' }), STRUCTURED, 400, ['/data_base64']],
  ['data twice', structured('a', { data: 1, data_base64: 'MQ==' }), STRUCTURED, 400, ['/data']],
  ['an object as text', structured('a', { data: {}, datacontenttype: 'text/xml' }), STRUCTURED, 400, ['/data']],
  ['no list in batched mode', structured('a'), BATCHED, 400, ['']],
  ['an empty batch', '[]', BATCHED, 400, ['']],
  ['too much data', Buffer.alloc(1024 * 1024), binary('a', { 'content-type': 'image/png' }), 413, ['']],
])('%s is refused, naming what is at fault', async (_what, body, headers, status, pointers) => {
  const answer = await send(body, headers);
  expect([answer.status, answer.body.errors?.map(({ pointer }) => pointer)]).toEqual([status, pointers]);
});

test.each([
  'application/cloudevents+avro',
  'application/cloudevents+json; charset=latin1',
  'application/cloudevents-batch+protobuf',
])('%s is no format that is taken', async (contentType) => {
  const answer = await send('x', binary('a', { 'content-type': contentType }));
  expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
  expect(answer.headers.get('accept')).toContain('application/cloudevents-batch+json');
});
