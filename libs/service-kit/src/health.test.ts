import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createHealth } from './health.ts';

afterEach(() => {
  jest.useRealTimers();
});

describe('health', () => {
  test('is ready in state ready only', async () => {
    const health = createHealth({ store: () => undefined });
    for (const state of ['starting', 'ready', 'draining', 'closed'] as const) {
      if (state !== 'starting') health.become(state);
      const ready = state === 'ready';
      expect(health.state()).toBe(state);
      expect(await health.report()).toEqual({
        status: ready ? 'ok' : 'unavailable',
        live: true,
        ready,
        state,
        checks: { store: 'ok' },
      });
    }
  });

  test.each([
    ['says why not', () => 'too far behind', 'too far behind'],
    ['says later why not', () => Promise.resolve('too far behind'), 'too far behind'],
    ['rejects', () => Promise.reject(new Error('away')), 'away'],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
      'broken',
    ],
  ])('is not ready where a check %s, whatever the others say', async (_what, check, outcome) => {
    const health = createHealth({ fine: () => undefined, check });
    health.become('ready');
    expect(await health.report()).toMatchObject({
      status: 'unavailable',
      ready: false,
      checks: { fine: 'ok', check: outcome },
    });
  });

  test('does not wait for a check that hangs', async () => {
    jest.useFakeTimers();
    const health = createHealth({ hangs: () => new Promise<void>(() => {}), fine: () => undefined });
    health.become('ready');
    const report = health.report();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await report).toMatchObject({ ready: false, checks: { hangs: 'no answer within 2000 ms', fine: 'ok' } });
  });

  test('leaves no timer behind a check that answered or failed', async () => {
    jest.useFakeTimers();
    const health = createHealth({ fine: () => undefined, away: () => Promise.reject(new Error('away')) });
    await health.report();
    expect(jest.getTimerCount()).toBe(0);
  });
});
