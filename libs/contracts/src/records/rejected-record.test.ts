import { describe, expect, test } from '@jest/globals';
import { MAX_BYTES, TOPIC } from '../topics.ts';
import type { IncomingRecord, OutgoingRecord } from './record.ts';
import { decodeRejected, encodeOmitted, encodeRejected } from './rejected-record.ts';

const MIB = 1024 * 1024;

function recordOf(parts: Partial<IncomingRecord> = {}): IncomingRecord {
  return {
    topic: TOPIC.events,
    partition: 3,
    offset: 17,
    key: 'k',
    value: Buffer.from('{'),
    headers: { ce_id: 'x', odd: 'a"\u0001' },
    timestampMs: 1,
    ...parts,
  };
}

const readBack = ({ topic, value, headers }: OutgoingRecord) =>
  decodeRejected({ topic, partition: 0, offset: 0, key: null, value, headers, timestampMs: 2 });

/** As a log that keeps headers as JSON counts it, which is the more. */
const sizeOf = ({ value, headers }: OutgoingRecord) =>
  (value?.length ?? 0) + Buffer.byteLength(JSON.stringify(headers));

describe('a rejected record', () => {
  test.each([
    ['with everything', recordOf()],
    ['without a key and a value', recordOf({ key: null, value: null, headers: {} })],
    ['with an empty value', recordOf({ value: Buffer.alloc(0) })],
    ['of nearly the greatest size', recordOf({ value: Buffer.alloc(MAX_BYTES - 16 * 1024, 1) })],
  ])('comes back as it was, %s', (_, record) => {
    const { topic, partition, key, value, headers } = record;
    expect(readBack(encodeRejected(record, 'dispatcher', 'why'))).toEqual({
      kind: 'rejected',
      original: { topic, partition, value, headers, ...(key === null ? {} : { key }) },
      offset: 17,
      reason: 'why',
      consumer: 'dispatcher',
    });
  });

  test.each([
    ['value', recordOf({ value: Buffer.alloc(MAX_BYTES) }), MAX_BYTES],
    ['value, unpacked', recordOf({ value: Buffer.alloc(64 * MIB) }), 64 * MIB],
    ['key', recordOf({ key: 'k'.repeat(MAX_BYTES) }), MAX_BYTES],
    ['header', recordOf({ headers: { large: 'h'.repeat(MAX_BYTES - 100), small: 's' } }), MAX_BYTES - 100],
    ['headers, quoted twice', recordOf({ headers: { large: '"\u0001'.repeat(MIB / 2) } }), MIB],
    ['name of a header', recordOf({ headers: { ['n'.repeat(MAX_BYTES)]: '' } }), MAX_BYTES],
    [
      'number of headers',
      recordOf({
        headers: Object.fromEntries(Array.from({ length: 300_000 }, (__, n) => [`header-${n}`, 'h'.repeat(10)])),
      }),
      3 * MIB,
    ],
  ])('of too large a %s is a small marker that says where it is', (_, record, atLeastBytes) => {
    const marker = encodeRejected(record, 'dispatcher', 'why');
    expect(sizeOf(marker)).toBeLessThan(64 * 1024);
    const decoded = readBack(marker);
    expect(decoded).toEqual({
      kind: 'omitted',
      topic: TOPIC.events,
      partition: 3,
      offset: 17,
      reason: 'why',
      consumer: 'dispatcher',
      sizeBytes: expect.any(Number),
    });
    expect(decoded.kind === 'omitted' ? decoded.sizeBytes : 0).toBeGreaterThanOrEqual(atLeastBytes);
  });

  test('has a reason of bounded length', () => {
    const encoded = encodeRejected(recordOf(), 'dispatcher', 'w'.repeat(2 * MIB));
    expect(sizeOf(encoded)).toBeLessThan(2_000);
    expect(sizeOf(encodeOmitted(recordOf(), 'dispatcher', 'w'.repeat(2 * MIB)))).toBeLessThan(2_000);
  });

  test('that could be read, but not gone on with, has a marker without a size', () => {
    expect(readBack(encodeOmitted(recordOf(), 'dispatcher', 'why'))).toEqual({
      kind: 'omitted',
      topic: TOPIC.events,
      partition: 3,
      offset: 17,
      reason: 'why',
      consumer: 'dispatcher',
      sizeBytes: null,
    });
  });
});
