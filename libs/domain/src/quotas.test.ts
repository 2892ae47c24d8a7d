import { describe, expect, test } from '@jest/globals';
import { limitOf, nextUtcDayMs, quotasWith, quotaWarningEvent, warningOf, type QuotaWarning } from './quotas.ts';

const DEFAULTS = { webhooks: 100, events_per_day: 1_000, payload_bytes: 0 };

test('what is set for a tenant takes the place of the default, 0 as well', () => {
  expect(quotasWith({}, DEFAULTS)).toEqual(DEFAULTS);
  expect(quotasWith({ webhooks: 0, payload_bytes: 7 }, DEFAULTS)).toEqual({
    webhooks: 0,
    events_per_day: 1_000,
    payload_bytes: 7,
  });
  expect([limitOf(0), limitOf(7)]).toEqual([Infinity, 7]);
});

describe('a tenant is told', () => {
  test.each([
    [0, 10, null],
    [7, 10, null],
    [8, 10, 80],
    [9, 10, 80],
    [10, 10, 100],
    [12, 10, 100],
    [1, 1, 100],
    [2, 3, null],
    [1_000_000, Infinity, null],
  ])('of %d of %d: %p', (used, limit, percent) => {
    expect(warningOf(used, limit, 80)).toBe(percent);
  });

  const warning: QuotaWarning = {
    tenant: 'acme',
    quota: 'events_per_day',
    percent: 80,
    used: 800,
    limit: 1_000,
    atMs: Date.parse('2026-11-28T23:59:59.999Z'),
  };

  test('by one event a day, quota and percentage, whatever was used when it is said', () => {
    const { id, data } = quotaWarningEvent(warning);
    expect(data).toEqual({ quota: 'events_per_day', percent: 80, used: 800, limit: 1_000, day: '2026-11-28' });
    expect(quotaWarningEvent({ ...warning, used: 801, atMs: warning.atMs - 1_000 }).id).toBe(id);
    const others = [
      { tenant: 'globex' },
      { quota: 'webhooks' as const },
      { percent: 100 },
      { atMs: warning.atMs + 1 },
    ].map((more) => quotaWarningEvent({ ...warning, ...more }).id);
    expect(new Set([id, ...others]).size).toBe(5);
  });
});

test('a day ends at midnight UTC', () => {
  const midnight = Date.parse('2026-11-29T00:00:00Z');
  expect([midnight - 86_400_000, midnight - 1].map(nextUtcDayMs)).toEqual([midnight, midnight]);
  expect(nextUtcDayMs(midnight)).toBe(midnight + 86_400_000);
});
