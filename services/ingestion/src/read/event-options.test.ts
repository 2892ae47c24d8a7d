import { EVENT_LIMITS, InvalidInput } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { parseEvent } from './native-event.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 10, 15);

function parse(options: object) {
  const body = Buffer.from(JSON.stringify({ id: 'o-1', type: 'order.created', source: '/shop', ...options }));
  return parseEvent(body, { tenant: 'acme', acceptedAtMs: NOW_MS, traceparent: undefined });
}

function problemsOf(options: object): unknown[] {
  try {
    parse(options);
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems.map(({ pointer, detail }) => [pointer, detail]);
    throw error;
  }
  return [];
}

const longest = Array.from({ length: EVENT_LIMITS.retries }, () => '7d');
const entries = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'v']));

describe('what a client may say of the delivery', () => {
  test.each<[object, object]>([
    [{ subject: 'order 1' }, { subject: 'order 1' }],
    [{ metadata: { region: 'eu', '': undefined } }, { metadata: { region: 'eu' } }],
    [{ metadata: {} }, { metadata: {} }],
    [{ metadata: entries(64) }, { metadata: entries(64) }],
    [{ deliver_at: '2026-11-22T11:15:00+01:00' }, { deliverAtMs: NOW_MS }],
    [{ deliver_at: '2026-11-20T00:00:00Z' }, { deliverAtMs: Date.UTC(2026, 10, 20) }],
    [{ deliver_at: '2026-12-22T10:15:00Z' }, { deliverAtMs: NOW_MS + EVENT_LIMITS.aheadMs }],
    [{ ttl: '5m' }, { expiresAtMs: NOW_MS + 300_000 }],
    [{ ttl: '1.5s' }, { expiresAtMs: NOW_MS + 1_500 }],
    [
      { ttl: '5m', deliver_at: '2026-11-22T10:16:00Z' },
      { deliverAtMs: NOW_MS + 60_000, expiresAtMs: NOW_MS + 360_000 },
    ],
    [
      { ttl: '5m', deliver_at: '2026-11-22T10:14:00Z' },
      { deliverAtMs: NOW_MS - 60_000, expiresAtMs: NOW_MS + 300_000 },
    ],
    [{ retry_schedule: ['5s', '30s', '2m'] }, { retryScheduleMs: [5_000, 30_000, 120_000] }],
    [{ retry_schedule: ['0s'] }, { retryScheduleMs: [0] }],
    [{ retry_schedule: longest }, { retryScheduleMs: longest.map(() => EVENT_LIMITS.retryDelayMs) }],
    [{ max_retries: 0 }, { maxRetries: 0 }],
    [{ max_retries: 100 }, { maxRetries: 100 }],
  ])('%j', (said, expected) => {
    const { tenant, id, type, source, time, data, contentType, acceptedAtMs, ...options } = parse(said).event;
    expect([tenant, id, type, source, time, data.toString(), contentType, acceptedAtMs]).toHaveLength(8);
    expect(options).toEqual(expected);
  });

  test.each<[object, string, string]>([
    [{ subject: '' }, '/subject', 'must not be empty'],
    [{ subject: 'x'.repeat(1025) }, '/subject', 'must have at most 1024 characters'],
    [{ subject: 'a\nb' }, '/subject', 'must not hold control characters'],
    [{ subject: null }, '/subject', 'must be a string'],
    [{ metadata: 'a' }, '/metadata', 'must be an object of strings'],
    [{ metadata: ['a'] }, '/metadata', 'must be an object of strings'],
    [{ metadata: null }, '/metadata', 'must be an object of strings'],
    [{ metadata: { a: 1 } }, '/metadata', 'must be an object of strings'],
    [{ metadata: entries(65) }, '/metadata', 'must have at most 64 members'],
    [{ metadata: { '': 'a' } }, '/metadata', 'must have names of 1 to 128 characters'],
    [{ metadata: { ['x'.repeat(129)]: 'a' } }, '/metadata', 'must have names of 1 to 128 characters'],
    [{ metadata: { a: 'x'.repeat(1025) } }, '/metadata', 'must have values of at most 1024 characters'],
    [{ deliver_at: 'tomorrow' }, '/deliver_at', 'must be an RFC 3339 time, e.g. 2026-11-22T10:15:00Z'],
    [{ deliver_at: 1_800_000_000 }, '/deliver_at', 'must be a string'],
    [{ deliver_at: '2026-12-22T10:15:01Z' }, '/deliver_at', 'must be at most 30d ahead'],
    [{ ttl: 300 }, '/ttl', 'must be a time span, e.g. 30s or 5m'],
    [{ ttl: '5 minutes' }, '/ttl', 'must be a time span, e.g. 30s or 5m'],
    [{ ttl: '0.5ms' }, '/ttl', 'must be a time span, e.g. 30s or 5m'],
    [{ ttl: '500ms' }, '/ttl', 'must be from 1s to 30d'],
    [{ ttl: '31d' }, '/ttl', 'must be from 1s to 30d'],
    [{ retry_schedule: '5s' }, '/retry_schedule', 'must be a list of time spans, e.g. ["5s","30s","2m"]'],
    [{ retry_schedule: [] }, '/retry_schedule', 'must have 1 to 100 time spans'],
    [{ retry_schedule: [...longest, '1s'] }, '/retry_schedule', 'must have 1 to 100 time spans'],
    [{ retry_schedule: ['5s', 30] }, '/retry_schedule', 'entry 1 must be a time span, e.g. 30s or 5m'],
    [{ retry_schedule: ['8d'] }, '/retry_schedule', 'entry 0 must be from 0s to 7d'],
    [{ max_retries: -1 }, '/max_retries', 'must be a whole number from 0 to 100'],
    [{ max_retries: 101 }, '/max_retries', 'must be a whole number from 0 to 100'],
    [{ max_retries: 1.5 }, '/max_retries', 'must be a whole number from 0 to 100'],
    [{ max_retries: '1' }, '/max_retries', 'must be a whole number from 0 to 100'],
  ])('%j is refused', (said, pointer, detail) => {
    expect(problemsOf(said)).toEqual([[pointer, detail]]);
  });

  test('all that is wrong is named at once, with what is wrong beside it', () => {
    expect(problemsOf({ type: 'a b', ttl: 1, max_retries: 'x', deliver_at: 'y' })).toHaveLength(4);
  });

  test('belongs to what tells one event from another: in the words of the client', () => {
    const hashes = [
      {},
      { ttl: '5m' },
      { ttl: '6m' },
      { subject: 'a' },
      { metadata: { a: 'b' } },
      { max_retries: 1 },
    ].map((said) => parse(said).bodyHash);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(parse({ ttl: '5m' }).bodyHash).toBe(parse({ ttl: '5m' }).bodyHash);
  });
});
