import { describe, expect, test } from '@jest/globals';
import { createPolicies, QUICK, retryDelayMs } from './policy.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ALMOST_1 = 1 - Number.EPSILON;

const { quick, standard } = createPolicies();

function delays(policy: typeof quick): number[] {
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
