import { describe, expect, test } from '@jest/globals';
import { decodeHealth, encodeHealth, type HealthReport } from './health-record.ts';
import type { IncomingRecord } from './record.ts';

const FAILING: HealthReport = { tenant: 'acme', webhookId: 'wh_1', kind: 'failing', sinceMs: 5, atMs: 9 };

function read(value: string, version = '1'): IncomingRecord {
  const { topic, key = null } = encodeHealth(FAILING);
  const headers = { hl_v: version };
  return { topic, partition: 0, offset: 7, key, value: Buffer.from(value), headers, timestampMs: 0 };
}

describe('a report of health', () => {
  test.each<[HealthReport]>([
    [FAILING],
    [{ tenant: 'acme', webhookId: 'wh_1', kind: 'succeeded', atMs: 9 }],
    [{ tenant: 'acme', webhookId: 'wh_1', kind: 'disable', atMs: 9 }],
    [{ tenant: 'acme', webhookId: 'wh_1', kind: 'disable', atMs: 9, reason: 'gone' }],
  ])('comes back: %j', (report) => {
    const record = encodeHealth(report);
    expect([record.topic, record.key]).toEqual(['webhook.health', 'wh_1']);
    expect(decodeHealth(read(record.value!.toString()))).toEqual({ kind: 'health', report });
  });

  test.each<[string, unknown]>([
    ['tenant', undefined],
    ['webhookId', 5],
    ['kind', 'ill'],
    ['atMs', 'now'],
    ['sinceMs', undefined],
  ])('with %s %j is unreadable', (name, value) => {
    expect(decodeHealth(read(JSON.stringify({ ...FAILING, [name]: value })))).toEqual({
      kind: 'unreadable',
      reason: expect.stringContaining(name),
    });
  });

  test('of another version or without JSON is unreadable', () => {
    expect(decodeHealth(read(JSON.stringify(FAILING), '2')).kind).toBe('unreadable');
    for (const text of ['', '{', 'null']) expect(decodeHealth(read(text)).kind).toBe('unreadable');
  });
});
