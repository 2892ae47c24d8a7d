import { EVENT_LIMITS, type Event } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { decodeEvent, encodeEvent } from './event-record.ts';
import type { IncomingRecord, OutgoingRecord } from './record.ts';

const EVENT: Event = {
  tenant: 'acme',
  id: 'evt_ü 1',
  type: 'order.created',
  source: '/shop',
  time: '2026-11-22T10:00:00.123Z',
  data: Buffer.from('{"price": 1.0, "n": 12345678901234567890}'),
  contentType: 'application/json',
  acceptedAtMs: 1_800_000_000_123,
};

function read({ topic, key, value, headers }: OutgoingRecord): IncomingRecord {
  return { topic, partition: 0, offset: 0, key: key ?? null, value, headers, timestampMs: 1_700_000_000_000 };
}

function binary(headers: Record<string, string | undefined>, value: Buffer | null = Buffer.from('{}')) {
  const all = { ce_id: 'e1', ce_type: 'order.created', ce_source: '/shop', ...headers };
  const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return decodeEvent(read({ topic: 'webhook.events', value, headers: Object.fromEntries(present) }));
}

function structured(text: string, headers: Record<string, string> = {}) {
  return decodeEvent(
    read({
      topic: 'webhook.events',
      value: Buffer.from(text),
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8', ...headers },
    }),
  );
}

const TRACEPARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const REQUIRED = '"specversion":"1.0","id":"e1","type":"order.created","source":"/shop"';

describe('an event in binary mode', () => {
  test.each<[string, Partial<Event>]>([
    ['as it is', {}],
    ['with a key and a trace', { partitionKey: 'customer/7', traceparent: TRACEPARENT }],
    [
      'of bytes that are no text',
      { data: Buffer.from([0, 255, 254, 10, 128]), contentType: 'application/octet-stream' },
    ],
    ['of no bytes', { data: Buffer.alloc(0), contentType: 'text/plain' }],
    ['of the greatest size', { data: Buffer.alloc(EVENT_LIMITS.sizeBytes - 1_024, 'x') }],
  ])('comes back %s', (_what, changed) => {
    const event = { ...EVENT, ...changed };
    expect(decodeEvent(read(encodeEvent(event)))).toEqual({ kind: 'event', event });
  });

  test.each([
    ['without a content type', {}, '{"n":1}'],
    ['as JSON', { 'content-type': 'application/json; charset=utf-8' }, '{"n":1}'],
    ['as a kind of JSON', { 'content-type': 'application/vnd.shop+json' }, '{"n":1}'],
  ])('is taken out of the frame of a schema registry %s', (_what, headers, data) => {
    const framed = Buffer.concat([Buffer.from([0, 0, 0, 1, 7]), Buffer.from(data)]);
    const decoded = binary(headers, framed);
    expect(decoded.kind === 'event' && decoded.event.data.toString('utf8')).toBe(data);
  });

  test('of other bytes that begin with a zero is left as it is', () => {
    const data = Buffer.from([0, 0, 0, 1, 7, 8, 9]);
    expect(binary({ 'content-type': 'application/octet-stream' }, data)).toMatchObject({ event: { data } });
  });

  test('comes back with all of its data where only its attributes have room beside it', () => {
    const event = { ...EVENT, data: Buffer.alloc(EVENT_LIMITS.sizeBytes - 4096, 'x') };
    const decoded = decodeEvent(read(encodeEvent(event)));
    // Not by toEqual: should it fail, printing a million bytes takes longer than everything else.
    expect(decoded.kind === 'event' && decoded.event.data.equals(event.data)).toBe(true);
  });

  test('is the CloudEvents binding, its data untouched', () => {
    const { topic, key, value, headers } = encodeEvent(EVENT);
    expect([topic, key]).toEqual(['webhook.events', undefined]);
    expect(value).toBe(EVENT.data);
    expect(headers).toMatchObject({ ce_specversion: '1.0', ce_id: EVENT.id, 'content-type': 'application/json' });
  });

  test('two tenants that choose one key do not share it', () => {
    expect(encodeEvent({ ...EVENT, partitionKey: 'k' }).key).toBe('acme/k');
    expect(encodeEvent({ ...EVENT, tenant: 'other', partitionKey: 'k' }).key).toBe('other/k');
  });

  test('of a producer that writes only what it must gets the rest from the record', () => {
    expect(binary({})).toEqual({
      kind: 'event',
      event: {
        tenant: 'default',
        id: 'e1',
        type: 'order.created',
        source: '/shop',
        time: '2023-11-14T22:13:20.000Z',
        data: Buffer.from('{}'),
        contentType: 'application/json',
        acceptedAtMs: 1_700_000_000_000,
      },
    });
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ['no id', { ce_id: undefined }, 'ce_id'],
    ['an empty id', { ce_id: '' }, 'ce_id'],
    ['too long an id', { ce_id: 'x'.repeat(EVENT_LIMITS.id + 1) }, 'ce_id'],
    ['no type', { ce_type: undefined }, 'ce_type'],
    ['a type that is none', { ce_type: 'order.*' }, 'ce_type'],
    ['no source', { ce_source: undefined }, 'ce_source'],
    ['too long a source', { ce_source: 'x'.repeat(EVENT_LIMITS.source + 1) }, 'ce_source'],
    ['a time that is none', { ce_time: 'yesterday' }, 'ce_time'],
  ])('with %s is unreadable', (_what, headers, named) => {
    expect(binary(headers)).toEqual({ kind: 'unreadable', reason: expect.stringContaining(named) });
  });

  test('without a value, or with too large a one, is unreadable', () => {
    expect(binary({}, null)).toEqual({ kind: 'unreadable', reason: 'the record has no value' });
    expect(binary({}, Buffer.alloc(EVENT_LIMITS.sizeBytes + 1))).toEqual({
      kind: 'unreadable',
      reason: expect.stringContaining('larger'),
    });
  });
});

describe('an event in structured mode', () => {
  test('has its attributes, and its data as it stands', () => {
    expect(
      structured(
        `{${REQUIRED},"time":"2026-11-22T10:00:00Z","tenant":"acme","partitionkey":"k","data": {"a": 1.0, "b":[ ]} }`,
        { traceparent: TRACEPARENT, hl_accepted: '5' },
      ),
    ).toEqual({
      kind: 'event',
      event: {
        tenant: 'acme',
        id: 'e1',
        type: 'order.created',
        source: '/shop',
        time: '2026-11-22T10:00:00Z',
        data: Buffer.from('{"a": 1.0, "b":[ ]}'),
        contentType: 'application/json',
        acceptedAtMs: 5,
        partitionKey: 'k',
        traceparent: TRACEPARENT,
      },
    });
  });

  test.each([
    ['a string', '"data":"x"', '"x"', 'application/json'],
    ['nothing', '"extra":1', 'null', 'application/json'],
    ['bytes', '"data_base64":"AP/+"', Buffer.from([0, 255, 254]), 'application/json'],
    ['bytes of a type', '"datacontenttype":"image/png","data_base64":"AP8="', Buffer.from([0, 255]), 'image/png'],
  ])('may have %s for data', (_what, member, data, contentType) => {
    const decoded = structured(`{${REQUIRED},${member}}`);
    expect(decoded).toMatchObject({ kind: 'event', event: { contentType, data: Buffer.from(data) } });
  });

  test.each([
    ['{', 'the value is not JSON'],
    ['[]', 'the value is not a JSON object'],
    ['null', 'the value is not a JSON object'],
    ['"x"', 'the value is not a JSON object'],
    ['{}', expect.stringContaining('ce_id')],
    [`{${REQUIRED},"id":7}`, expect.stringContaining('ce_id')],
    [`{${REQUIRED},"type":"a b"}`, expect.stringContaining('ce_type')],
  ])('%p is unreadable', (text, reason) => {
    expect(structured(text)).toEqual({ kind: 'unreadable', reason });
  });
});
