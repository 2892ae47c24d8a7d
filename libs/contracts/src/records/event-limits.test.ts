import { describe, expect, test } from '@jest/globals';
import { EVENT_LIMITS, type Event } from '@hookline/domain';
import { decodeEvent, encodeEvent, eventSizeBytes } from './event-record.ts';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const EVENT: Event = {
  tenant: 'default',
  id: 'evt_1',
  type: 'order.created',
  source: '/shop',
  time: '2026-01-02T03:04:05Z',
  data: Buffer.from('{"n":1.0}'),
  contentType: 'application/json',
  acceptedAtMs: 1_767_323_045_000,
  partitionKey: 'customer-7',
  traceparent: TRACEPARENT,
};

describe('an event', () => {
  test('may have every attribute at its limit, in characters of three bytes', () => {
    const largest: Event = {
      ...EVENT,
      tenant: '世'.repeat(16_384),
      id: '世'.repeat(EVENT_LIMITS.id),
      type: 'x'.repeat(EVENT_LIMITS.type),
      source: '世'.repeat(EVENT_LIMITS.source),
      contentType: '世'.repeat(256),
      partitionKey: '世'.repeat(EVENT_LIMITS.partitionKey),
      data: Buffer.alloc(0),
    };
    const attributesBytes = eventSizeBytes(encodeEvent(largest));
    const data = Buffer.alloc(EVENT_LIMITS.sizeBytes - attributesBytes, '1');
    expect(decoded({ ...largest, data })).toMatchObject({ kind: 'event' });
    expect(decoded({ ...largest, data: Buffer.alloc(data.length + 1, '1') })).toEqual({
      kind: 'unreadable',
      reason: 'the event with its attributes is larger than 1048576 bytes',
    });
  });

  test.each<[string, string, string]>([
    ['ce_id', 'a\0b', 'ce_id must not hold control characters'],
    ['ce_tenant', 'x'.repeat(16_385), 'ce_tenant must be at most 16384 characters'],
    ['ce_partitionkey', 'x'.repeat(257), 'ce_partitionkey must be 1 to 256 characters'],
    ['ce_time', `2026-01-01T00:00:00Z (${'x'.repeat(60)})`, 'ce_time must be 1 to 64 characters'],
    ['content-type', 'x'.repeat(257), 'content-type must be 1 to 256 characters'],
    ['content-type', 'text/plain\r\nevil: 1', 'content-type must not hold control characters'],
  ])('whose %s is wrong is unreadable: %j', (name, value, reason) => {
    expect(decoded(EVENT, { [name]: value })).toEqual({ kind: 'unreadable', reason });
  });

  test.each(['x\r\nevil: 1', 'café', '00-aa-bb-01', `${TRACEPARENT}-more`, '', TRACEPARENT.toUpperCase()])(
    'is read without a traceparent that is none: %j',
    (traceparent) => {
      expect(decoded(EVENT)).toHaveProperty('event.traceparent', TRACEPARENT);
      const result = decoded(EVENT, { traceparent });
      expect(result).toMatchObject({ kind: 'event' });
      expect(result).not.toHaveProperty('event.traceparent');
    },
  );
});

function decoded(event: Event, headers: Record<string, string> = {}): ReturnType<typeof decodeEvent> {
  const record = encodeEvent(event);
  return decodeEvent({
    ...record,
    key: record.key ?? null,
    headers: { ...record.headers, ...headers },
    partition: 0,
    offset: 0,
    timestampMs: 0,
  });
}
