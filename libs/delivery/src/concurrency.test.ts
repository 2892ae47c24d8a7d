import { describe, expect, test } from '@jest/globals';
import type { FailureClass } from '@hookline/domain';
import { createConcurrency, FIRST_LIMIT, noteEnded, noteStalled, STALLED_LIMIT } from './concurrency.ts';

describe('how many requests a webhook may have under way', () => {
  test('doubles per round while they succeed, up to the bound', () => {
    const { rounds, state } = scene();
    const limits = [1, 2, 3, 4, 5].map(() => (rounds(1), state.limit));
    expect(limits).toEqual([8, 16, 32, 64, 64]);
  });

  test('stays near what is used', () => {
    const { end, state } = scene();
    for (let request = 0; request < 1_000; request++) end({ underWay: 3 });
    expect(state.limit).toBeLessThanOrEqual(7);
  });

  test.each<[FailureClass, number | null]>([
    ['timeout', null],
    ['throttled', 429],
    ['server_error', 503],
    ['refused', null],
    ['reset', null],
    ['tls', null],
    ['dns', null],
  ])('%s (%s) halves it, and many together only once', (failure, status) => {
    const { rounds, end, state } = scene();
    rounds(4);
    const startedAtMs = now;
    for (let request = 0; request < 2; request++) end({ failure, status, startedAtMs, underWay: 64 });
    expect([state.limit, state.threshold]).toEqual([32, 32]);
    end({ failure, status, startedAtMs, underWay: 64 });
    expect(state.limit).toBe(1);
  });

  test.each<[FailureClass, number]>([
    ['server_error', 500],
    ['client_error', 404],
    ['redirect', 302],
  ])('%s (%s) says nothing of it', (failure, status) => {
    const { rounds, end, state } = scene();
    rounds(2);
    for (let request = 0; request < 20; request++) end({ failure, status });
    expect(state.limit).toBe(16);
  });

  test('after a cut it doubles up to half of what it was, then it adds one per round', () => {
    const { rounds, end, state } = scene();
    rounds(4);
    for (let failures = 0; failures < 3; failures++) end({ failure: 'timeout', underWay: 64 });
    expect(state.limit).toBe(1);
    state.threshold = 32;
    rounds(5);
    expect(state.limit).toBe(32);
    rounds(4);
    expect(state.limit).toBeCloseTo(36, 0);
  });

  test('answers that take far longer than the best ones lower it, those of a busy moment do not', () => {
    const { rounds, end, state } = scene();
    rounds(4, 20);
    for (let request = 0; request < 64; request++) end({ durationMs: 110, underWay: 64 });
    expect(state.limit).toBe(64);
    for (let round = 0; round < 10; round++) rounds(1, 600);
    expect(state.limit).toBeLessThan(40);
    expect(state.limit).toBeGreaterThan(1);
    rounds(10, 20);
    expect(state.limit).toBeGreaterThan(25);
  });

  test('a receiver that is slow from the start is not taken for one that gets slower', () => {
    const { rounds, state } = scene();
    rounds(4, 5_000);
    expect(state.limit).toBe(64);
  });

  test('one that stops answering may have few, and is found out about again', () => {
    const { rounds, state } = scene();
    rounds(4);
    noteStalled(state, ++now);
    expect(state.limit).toBe(STALLED_LIMIT);
    noteStalled(state, ++now);
    rounds(3);
    expect(state.limit).toBe(16);
  });

  test('what is our own fault counts for nothing', () => {
    const { end, state } = scene();
    for (const failure of ['shutdown', 'proxy', 'resources'] as const) end({ failure });
    expect(state).toEqual(createConcurrency());
    expect(state.limit).toBe(FIRST_LIMIT);
  });
});

let now = 1;

function scene() {
  const state = createConcurrency();

  function end({
    durationMs = 10,
    failure = null as FailureClass | null,
    status = 200 as number | null,
    startedAtMs = now,
    underWay = state.limit,
  }): void {
    noteEnded(state, { result: { durationMs, failure, status }, startedAtMs, nowMs: ++now, underWay, max: 64 });
  }

  return {
    state,
    end,
    /** In each, as many as the limit allows begin together and succeed. */
    rounds: (count: number, durationMs = 10): void => {
      for (let round = 0; round < count; round++) {
        const startedAtMs = ++now;
        const atOnce = Math.floor(state.limit);
        for (let request = 0; request < atOnce; request++) end({ durationMs, startedAtMs, underWay: atOnce });
      }
    },
  };
}
