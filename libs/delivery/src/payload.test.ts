import { describe, expect, test } from '@jest/globals';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Event } from '@hookline/domain';
import { compressed, createPayload } from './payload.ts';

const EVENT: Event = {
  tenant: 'default',
  id: 'evt_"1',
  type: 'order.created',
  source: '/shop é',
  time: '2026-01-02T03:04:05Z',
  data: Buffer.from('{"a": 1.0, "n": 12345678901234567890,\n "s":"\\u00e9"}'),
  contentType: 'application/json',
  acceptedAtMs: 0,
};
const BINARY = { ...EVENT, contentType: 'image/png', data: Buffer.from([0, 255, 1]) };

function text(event: Event, format: Parameters<typeof createPayload>[1] = 'event'): string {
  return createPayload(event, format).body.toString();
}

describe('format event', () => {
  test("the data's bytes are as they were", () => {
    expect(text(EVENT)).toBe(
      `{"id":"evt_\\"1","type":"order.created","source":"/shop é","timestamp":"2026-01-02T03:04:05Z","data":${EVENT.data.toString()}}`,
    );
    expect(createPayload(EVENT, 'event').headers).toEqual(['content-type', 'application/json']);
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'application/vnd.api+json', 'Text/JSON'])(
    '%p is JSON',
    (contentType) => {
      expect(JSON.parse(text({ ...EVENT, contentType }))).toHaveProperty('data.a', 1);
    },
  );

  test.each(['text/plain', 'application/xml; x="a+json"', 'application/jsonlines'])(
    '%p travels as base64',
    (contentType) => {
      const body = JSON.parse(text({ ...BINARY, contentType })) as object;
      expect(body).toMatchObject({ id: 'evt_"1', data_base64: 'AP8B' });
      expect(body).not.toHaveProperty('data');
    },
  );

  test('a byte order mark before the data is left out', () => {
    const data = Buffer.from('\uFEFF{"a": 1.0}');
    expect(text({ ...EVENT, data })).toMatch(/"data":\{"a": 1.0\}\}$/);
    expect(text({ ...EVENT, data }, 'cloudevent')).toMatch(/"data":\{"a": 1.0\}\}$/);
    expect(createPayload({ ...EVENT, data }, 'data').body).toBe(data);
  });

  test('no data at all is null', () => {
    expect(JSON.parse(text({ ...EVENT, data: Buffer.alloc(0) }))).toHaveProperty('data', null);
  });
});

describe('format cloudevent', () => {
  test('is a CloudEvent in structured mode around the same bytes', () => {
    expect(text({ ...EVENT, subject: 's', partitionKey: 'p' }, 'cloudevent')).toBe(
      `{"specversion":"1.0","id":"evt_\\"1","type":"order.created","source":"/shop é","time":"2026-01-02T03:04:05Z",` +
        `"subject":"s","partitionkey":"p","datacontenttype":"application/json","data":${EVENT.data.toString()}}`,
    );
    expect(createPayload(EVENT, 'cloudevent').headers).toEqual(['content-type', 'application/cloudevents+json']);
  });

  test('has other data as base64, and none where there is none', () => {
    expect(JSON.parse(text(BINARY, 'cloudevent'))).toMatchObject({
      datacontenttype: 'image/png',
      data_base64: 'AP8B',
    });
    const empty = JSON.parse(text({ ...EVENT, data: Buffer.alloc(0) }, 'cloudevent')) as object;
    expect(Object.keys(empty)).not.toContain('data');
    expect(empty).not.toHaveProperty('subject');
  });
});

describe('format data', () => {
  test('is the bare bytes, with the attributes in headers', () => {
    const payload = createPayload({ ...BINARY, subject: '50 %' }, 'data');
    expect(payload.body).toBe(BINARY.data);
    const first = [
      'content-type',
      'image/png',
      'ce-specversion',
      '1.0',
      'ce-id',
      'evt_%221',
      'ce-type',
      'order.created',
    ];
    const then = ['ce-source', '/shop%20%C3%A9', 'ce-time', '2026-01-02T03:04:05Z', 'ce-subject', '50%20%25'];
    expect(payload.headers).toEqual([...first, ...then]);
  });

  test('a media type that is no header is not sent', () => {
    const payload = createPayload({ ...BINARY, contentType: 'text/日本', source: '\ud800' }, 'data');
    expect(payload.headers.slice(0, 2)).toEqual(['content-type', 'application/octet-stream']);
    expect(payload.headers).toContain('%EF%BF%BD');
  });
});

describe('compression', () => {
  const sized = (size: number) => createPayload({ ...BINARY, data: Buffer.alloc(size, 'ab') }, 'data');

  test.each([1_025, 64 * 1024, 64 * 1024 + 1, 1024 * 1024])('of %p bytes can be undone', async (size) => {
    const payload = sized(size);
    expect(gunzipSync(await compressed(payload, 'gzip')!).equals(payload.body)).toBe(true);
    expect(zstdDecompressSync(await compressed(payload, 'zstd')!).equals(payload.body)).toBe(true);
  });

  test('is made once for each encoding', () => {
    const payload = sized(2_000);
    expect(compressed(payload, 'gzip')).toBe(compressed(payload, 'gzip'));
    expect(compressed(payload, 'gzip')).not.toBe(compressed(payload, 'zstd'));
  });

  test('is not made of little', () => {
    expect(compressed(sized(1_024), 'gzip')).toBeNull();
  });
});
