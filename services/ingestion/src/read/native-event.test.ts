import { decodeEvent, type IncomingRecord, type OutgoingRecord } from '@hookline/contracts';
import { EVENT_LIMITS, InvalidInput, TooLarge, type Problem } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { MAX_BODY_BYTES, parseEvent } from './native-event.ts';
import { isRfc3339 } from './rfc3339.ts';

const ACCEPTED_AT_MS = Date.UTC(2026, 10, 22, 10, 15);

function parse(body: unknown, options: { tenant?: string; traceparent?: string } = {}) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const { tenant = 'acme', traceparent } = options;
  return parseEvent(bytes, { tenant, acceptedAtMs: ACCEPTED_AT_MS, traceparent });
}

function failure(body: unknown): InvalidInput {
  try {
    parse(body);
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
  throw new Error('the body was taken');
}

function hashOf(body: unknown): string {
  return parse(body).bodyHash;
}

/** A body whose data has so many bytes. */
function sized(dataBytes: number, source: string): object {
  return { type: 'a', source, data: 'x'.repeat(dataBytes - 2) };
}

const GOOD = { id: 'o-1', type: 'order.created', source: '/shop', data: { total: 5 } };

describe('an event', () => {
  test('has what the body says, and what is known besides', () => {
    const { event, chosenId } = parse({ ...GOOD, time: '2026-01-02T03:04:05.678901+02:00', partitionkey: 'o' });
    expect(chosenId).toBe(true);
    expect(event).toEqual({
      tenant: 'acme',
      id: 'o-1',
      type: 'order.created',
      source: '/shop',
      time: '2026-01-02T03:04:05.678901+02:00',
      data: Buffer.from('{"total":5}'),
      contentType: 'application/json',
      acceptedAtMs: ACCEPTED_AT_MS,
      partitionKey: 'o',
    });
  });

  test('without an id, a time or data gets an id of its own, the time of acceptance and null', () => {
    const [one, other] = [parse({ type: 'a', source: 'b' }), parse({ type: 'a', source: 'b' })];
    expect(one.chosenId).toBe(false);
    expect(one.event.id).toMatch(/^evt_[0-9a-f]{32}$/);
    expect(one.event.id).not.toBe(other.event.id);
    expect(one.event.time).toBe('2026-11-22T10:15:00.000Z');
    expect(one.event.data.toString()).toBe('null');
  });

  test.each([
    '{"b":1.0,"a":12345678901234567890,"1":-0}',
    '[ 1 ,\n2 ]',
    String.raw`"\u00e9\/\ud800"`,
    '"ü😀\u2028"',
    '0.10',
    'null',
    '{"a":1,"a":2}',
  ])('keeps its data byte for byte: %s', (data) => {
    const { event, record } = parse(`{ "data" : ${data} , "type":"a","source":"b"}`);
    expect(event.data).toEqual(Buffer.from(data));
    expect(record.value).toEqual(Buffer.from(data));
  });

  test('carries a traceparent that is one, and no other', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect(parse(GOOD, { traceparent }).event.traceparent).toBe(traceparent);
    expect(parse(GOOD, { traceparent: 'x'.repeat(5_000) }).event.traceparent).toBeUndefined();
  });

  test('is taken or not, traced or not', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const sizeOf = ({ value, headers }: OutgoingRecord) =>
      value!.length + Buffer.byteLength(Object.entries(headers).flat().join(''));
    const body = (fill: number) => ({ ...GOOD, id: 'an-id', data: 'x'.repeat(fill) });
    const room = EVENT_LIMITS.sizeBytes - sizeOf(parse(body(0)).record);
    expect(parse(body(room), { traceparent }).event.traceparent).toBe(traceparent);
    expect(() => parse(body(room + 1), { traceparent })).toThrow(TooLarge);
  });

  test('can be read by those who read the topic, whatever was accepted', () => {
    const bodies = [
      { ...GOOD, id: 'ü😀/"\\', source: 'x'.repeat(1024), partitionkey: 'ключ' },
      { ...GOOD, time: '2024-02-29t23:59:59.999999999z' },
      { ...GOOD, time: '0001-01-01T00:00:00-23:59', data: undefined },
      { type: `${'a'.repeat(255)}b`, source: ' ' },
    ];
    for (const body of bodies) {
      const { event, record } = parse(body);
      const { key = null, value, headers, topic } = record;
      const incoming: IncomingRecord = { topic, partition: 0, offset: 0, key, value, headers, timestampMs: 0 };
      expect(decodeEvent(incoming)).toEqual({ kind: 'event', event });
    }
  });
});

describe('the body hash', () => {
  test('is the same for the same event, however its members are ordered and spaced', () => {
    expect(hashOf('{"id":"o-1","type":"a","source":"b","data":{"x":1}}')).toBe(
      hashOf('{ "data": {"x":1}, "source":"b", "type":"\\u0061", "id":"o-1" }'),
    );
  });

  test('differs with every attribute and with the bytes of the data', () => {
    const bodies = [
      '{"id":"1","type":"a","source":"b","data":{"x":1}}',
      '{"id":"1","type":"a","source":"b","data":{"x":1.0}}',
      '{"id":"1","type":"a","source":"b","data":{"x": 1}}',
      '{"id":"1","type":"c","source":"b","data":{"x":1}}',
      '{"id":"1","type":"a","source":"c","data":{"x":1}}',
      '{"id":"1","type":"a","source":"b","data":{"x":1},"time":"2026-01-01T00:00:00Z"}',
      '{"id":"1","type":"a","source":"b","data":{"x":1},"partitionkey":"2026-01-01T00:00:00Z"}',
      '{"id":"1","type":"a","source":"b"}',
    ];
    expect(new Set(bodies.map(hashOf)).size).toBe(bodies.length);
  });
});

describe('a body that is no event', () => {
  test.each<[string, unknown, Problem[]]>([
    ['a list', '[]', [{ pointer: '', detail: 'must be an object' }]],
    ['null', 'null', [{ pointer: '', detail: 'must be an object' }]],
    ['a string', '"x"', [{ pointer: '', detail: 'must be an object' }]],
    [
      'nothing in it',
      '{}',
      [
        { pointer: '/type', detail: 'is required' },
        { pointer: '/source', detail: 'is required' },
      ],
    ],
    [
      'wrong types',
      { id: 1, type: 2, source: [], time: true, partitionkey: {} },
      ['id', 'type', 'source', 'time', 'partitionkey'].map((name) => ({
        pointer: `/${name}`,
        detail: 'must be a string',
      })),
    ],
    [
      'null instead of nothing',
      { ...GOOD, id: null, time: null },
      [
        { pointer: '/id', detail: 'must be a string' },
        { pointer: '/time', detail: 'must be a string' },
      ],
    ],
    [
      'empty texts',
      { ...GOOD, id: '', source: '', partitionkey: '' },
      ['id', 'source', 'partitionkey'].map((name) => ({ pointer: `/${name}`, detail: 'must not be empty' })),
    ],
    [
      'unknown fields',
      { ...GOOD, 'a/b~c': 1 },
      [{ pointer: '/a~1b~0c', detail: expect.stringContaining('unknown field') as unknown as string }],
    ],
    [
      'a prototype',
      '{"type":"a","source":"b","__proto__":{"id":1}}',
      [{ pointer: '/__proto__', detail: expect.stringContaining('unknown field') as unknown as string }],
    ],
    [
      'a tenant',
      { ...GOOD, tenant: 'other' },
      [{ pointer: '/tenant', detail: expect.stringContaining('token') as unknown as string }],
    ],
    [
      'texts too long',
      { ...GOOD, id: 'x'.repeat(257), source: 'x'.repeat(1025), partitionkey: 'x'.repeat(257) },
      [
        { pointer: '/id', detail: 'must have at most 256 characters' },
        { pointer: '/source', detail: 'must have at most 1024 characters' },
        { pointer: '/partitionkey', detail: 'must have at most 256 characters' },
      ],
    ],
    [
      'a type too long',
      { ...GOOD, type: 'a.'.repeat(200) },
      [{ pointer: '/type', detail: 'must have at most 256 characters' }],
    ],
    [
      'control characters',
      { ...GOOD, id: 'a\u0000', source: 'a\nb' },
      [
        { pointer: '/id', detail: 'must not hold control characters' },
        { pointer: '/source', detail: 'must not hold control characters' },
      ],
    ],
    [
      'half a surrogate pair',
      String.raw`{"id":"\ud800","type":"a","source":"b"}`,
      [{ pointer: '/id', detail: 'must not hold half of a surrogate pair' }],
    ],
  ])('with %s is refused, naming the fields', (_what, body, problems) => {
    expect(failure(body).problems).toEqual(problems);
  });

  test.each(['', '.', 'a.', '.a', 'a..b', 'order created', 'order/created', 'order.*', '*', 'ördér', 'a.b\n'])(
    'with the type %j is refused',
    (type) => {
      expect(failure({ ...GOOD, type }).problems.map(({ pointer }) => pointer)).toEqual(['/type']);
    },
  );

  test('that is not JSON is refused with the position, and without quoting it', () => {
    const error = failure('{"id":"secret",}');
    expect(error.code).toBe('invalid_json');
    expect(error.message).toBe('The body stops being JSON at position 15.');
    expect(failure('{"id":"secret"').message).toBe('The body ends too early, at position 14.');
    expect(failure('').message).toContain('position 0');
  });

  test('that is not UTF-8 is refused', () => {
    const body = Buffer.concat([
      Buffer.from('{"type":"a","source":"b","data":"'),
      Buffer.from([0xc3]),
      Buffer.from('"}'),
    ]);
    expect(failure(body).problems).toEqual([{ pointer: '', detail: 'must be UTF-8' }]);
  });

  test('with very many problems is answered with some', () => {
    const body = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`field-${index}${'x'.repeat(200)}`, 1]),
    );
    const { problems } = failure(body);
    expect(problems).toHaveLength(20);
    expect(Math.max(...problems.map(({ pointer }) => pointer.length))).toBeLessThanOrEqual(101);
  });
});

describe('the size', () => {
  test('may be 1 MiB with all attributes, and not a byte more', () => {
    const { record } = parse(sized(1_000_000, 's'));
    const attributes = Object.entries(record.headers).reduce(
      (sum, [name, value]) => sum + name.length + value.length,
      0,
    );
    const room = 1024 * 1024 - attributes;
    expect(parse(sized(room, 's')).event.data.length).toBe(room);
    expect(() => parse(sized(room + 1, 's'))).toThrow(TooLarge);
    expect(() => parse(sized(room, 'ü'))).toThrow(TooLarge);
  });

  test('of a body leaves room for escapes and space around an event of that size', () => {
    expect(MAX_BODY_BYTES).toBeGreaterThan(1024 * 1024 + 6 * (256 + 256 + 1024 + 256));
  });
});

describe('isRfc3339', () => {
  test.each([
    '2026-11-22T10:15:00Z',
    '2026-11-22t10:15:00z',
    '2026-11-22T10:15:00.1+05:30',
    '2024-02-29T00:00:00-00:00',
    '2000-02-29T23:59:59.123456789Z',
  ])('takes %s', (text) => {
    expect(isRfc3339(text)).toBe(true);
  });

  test.each([
    '',
    '2026-11-22',
    '2026-11-22 10:15:00Z',
    '2026-11-22T10:15:00',
    '2026-11-22T10:15Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2016-12-31T23:59:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00.1234567890Z',
    '+02026-01-01T00:00:00Z',
    'Sun, 22 Nov 2026 10:15:00 GMT',
    '2026-01-01T00:00:00Z\n',
    '٢026-01-01T00:00:00Z',
  ])('refuses %j', (text) => {
    expect(isRfc3339(text)).toBe(false);
  });
});
