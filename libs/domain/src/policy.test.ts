import { describe, expect, test } from '@jest/globals';
import { createPolicies, expiryOf, policyFor, policyOf, QUICK, retryDelayMs, type Policy } from './policy.ts';
import type { DeliverySettings } from './webhook.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ALMOST_1 = 1 - Number.EPSILON;

const { quick, standard } = createPolicies();

function delays(policy: Policy): number[] {
  return Array.from({ length: policy.maxRetries }, (_, index) => policy.delay(index + 1));
}

describe('quick', () => {
  test('doubles from a second', () => {
    expect(delays(quick)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    expect(quick.timeoutMs).toBe(30 * SECOND);
  });

  test('lives for a day and all its delays', () => {
    expect(quick.maxAgeMs).toBe(DAY + 31 * SECOND);
  });

  test('follows its settings, and stays at the longest delay', () => {
    const policy = createPolicies({
      timeoutMs: 7,
      maxRetries: 6,
      initialDelayMs: 10,
      maxDelayMs: 400,
      multiplier: 3,
    }).quick;
    expect(delays(policy)).toEqual([10, 30, 90, 270, 400, 400]);
    expect(policy.timeoutMs).toBe(7);
    expect(policy.maxAgeMs).toBe(DAY + 1_200);
  });

  test('stays at the longest delay where the power overflows', () => {
    const policy = createPolicies({ ...QUICK, maxRetries: 100, multiplier: 10 }).quick;
    expect(policy.delay(100)).toBe(QUICK.maxDelayMs);
    expect(policy.delay(1_000)).toBe(QUICK.maxDelayMs);
  });

  test('without retries lives for a day', () => {
    expect(createPolicies({ ...QUICK, maxRetries: 0 }).quick.maxAgeMs).toBe(DAY);
  });
});

describe('standard', () => {
  test("is Standard Webhooks' schedule", () => {
    expect(delays(standard)).toEqual([
      5 * SECOND,
      5 * MINUTE,
      30 * MINUTE,
      2 * HOUR,
      5 * HOUR,
      10 * HOUR,
      14 * HOUR,
      20 * HOUR,
      24 * HOUR,
    ]);
  });

  test('lives for a day and all its delays', () => {
    expect(standard.maxAgeMs).toBe(DAY + 75 * HOUR + 35 * MINUTE + 5 * SECOND);
  });

  test('does not follow the settings of quick', () => {
    const other = createPolicies({ ...QUICK, timeoutMs: 1, maxRetries: 1 }).standard;
    expect([other.timeoutMs, other.maxRetries, other.maxAgeMs]).toEqual([30 * SECOND, 9, standard.maxAgeMs]);
  });
});

describe('retryDelayMs', () => {
  test('full jitter spreads over the whole delay', () => {
    expect(retryDelayMs(quick, 3, 0)).toBe(0);
    expect(retryDelayMs(quick, 3, 0.25)).toBe(1_000);
    expect(retryDelayMs(quick, 3, ALMOST_1)).toBe(4_000);
  });

  test('a tenth is added, nothing taken off', () => {
    expect(retryDelayMs(standard, 2, 0)).toBe(5 * MINUTE);
    expect(retryDelayMs(standard, 2, 0.5)).toBe(5.25 * MINUTE);
    expect(retryDelayMs(standard, 2, ALMOST_1)).toBe(5.5 * MINUTE);
  });

  test.each([
    { name: 'quick', policy: quick, least: 0, most: 1 },
    { name: 'standard', policy: standard, least: 1, most: 1.1 },
  ])('of $name is a whole number within bounds at every retry', ({ policy, least, most }) => {
    for (let retry = 1; retry <= policy.maxRetries; retry++) {
      const delayMs = policy.delay(retry);
      for (const random of [0, 0.001, 1 / 3, 0.5, 0.999, ALMOST_1]) {
        const drawnMs = retryDelayMs(policy, retry, random);
        expect(Number.isInteger(drawnMs)).toBe(true);
        expect(drawnMs).toBeGreaterThanOrEqual(delayMs * least);
        expect(drawnMs).toBeLessThanOrEqual(Math.ceil(delayMs * most));
      }
    }
  });
});

describe('policyOf', () => {
  test('without settings is the preset itself', () => {
    expect(policyOf(standard, undefined)).toBe(standard);
    expect(policyOf(quick, {})).toEqual(quick);
  });

  test.each<[string, DeliverySettings, Partial<Policy> & { delays: number[] }]>([
    ['a schedule', { retryScheduleMs: [5, 30, 120] }, { delays: [5, 30, 120], jitter: 'tenth', maxAgeMs: DAY + 155 }],
    ['a schedule without retries', { retryScheduleMs: [] }, { delays: [], maxRetries: 0, maxAgeMs: DAY }],
    ['a schedule and fewer retries', { retryScheduleMs: [5, 30], maxRetries: 1 }, { delays: [5], maxAgeMs: DAY + 5 }],
    [
      'a schedule and more retries',
      { retryScheduleMs: [5, 30], maxRetries: 4 },
      { delays: [5, 30, 30, 30], maxAgeMs: DAY + 95 },
    ],
    ['fewer retries', { maxRetries: 2 }, { delays: [1_000, 2_000], jitter: 'full', maxAgeMs: DAY + 3_000 }],
    ['more retries', { maxRetries: 6 }, { delays: [1_000, 2_000, 4_000, 8_000, 16_000, 32_000] }],
    ['an age', { maxAgeMs: 7 }, { delays: delays(quick), maxAgeMs: 7 }],
    ['a TTL and a timeout', { ttlMs: 9, timeoutMs: 8 }, { delays: delays(quick), ttlMs: 9, timeoutMs: 8 }],
  ])('takes %s from the webhook', (_what, settings, { delays: expected, ...parts }) => {
    const policy = policyOf(quick, settings);
    expect(delays(policy)).toEqual(expected);
    expect(policy).toMatchObject(parts);
  });
});

describe('policyFor', () => {
  const own = policyOf(quick, { retryScheduleMs: [5, 30], ttlMs: 9, timeoutMs: 8 });

  test('an event that says nothing costs nothing', () => {
    expect(policyFor(own, {})).toBe(own);
  });

  test('what an event says goes before what the webhook says', () => {
    const policy = policyFor(own, { retryScheduleMs: [1, 2, 3] });
    expect([delays(policy), policy.maxAgeMs, policy.ttlMs, policy.timeoutMs]).toEqual([[1, 2, 3], DAY + 6, 9, 8]);
    expect(delays(policyFor(own, { maxRetries: 3 }))).toEqual([5, 30, 30]);
    expect(policyFor(own, { maxRetries: 0 }).maxRetries).toBe(0);
    expect(delays(policyFor(quick, { maxRetries: 1 }))).toEqual([1_000]);
  });

  test('the age that a webhook sets stays', () => {
    const aged = policyOf(quick, { maxAgeMs: 7 });
    expect(policyFor(aged, { retryScheduleMs: [HOUR] }).maxAgeMs).toBe(7);
  });
});

describe('expiryOf', () => {
  test('is the earlier of what the event and the webhook say', () => {
    const ttl = policyOf(quick, { ttlMs: 100 });
    expect(expiryOf(quick, { acceptedAtMs: 50 })).toBe(Infinity);
    expect(expiryOf(ttl, { acceptedAtMs: 50 })).toBe(150);
    expect(expiryOf(ttl, { acceptedAtMs: 50, expiresAtMs: 120 })).toBe(120);
    expect(expiryOf(ttl, { acceptedAtMs: 50, expiresAtMs: 200 })).toBe(150);
    expect(expiryOf(quick, { acceptedAtMs: 50, expiresAtMs: 200 })).toBe(200);
    expect(expiryOf(ttl, { acceptedAtMs: 50, deliverAtMs: 500 })).toBe(600);
    expect(expiryOf(ttl, { acceptedAtMs: 50, deliverAtMs: 500, expiresAtMs: 550 })).toBe(550);
  });
});
