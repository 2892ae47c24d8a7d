import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Unavailable } from '@hookline/domain';
import { createMemoryLimits } from '@hookline/limits-memory';
import { createLog, createMetrics } from '@hookline/service-kit';
import { createDispatcherMetrics } from '../metrics.ts';
import { createSharedLimits, type DispatchLimits } from './shared-limits.ts';

const log = createLog('test', 'silent');
const OPTIONS = { deduplication: { pendingMs: 1, windowMs: 1, maxKeys: 1 } };
const FAILURE = { webhookId: 'a', succeeded: 0, failed: 5, failuresInARow: 5 };

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

test('while the store is away a rate is divided by the share of the work, and breakers are this copy’s own', async () => {
  const { limits, failures } = scene('refuses');
  const [taken] = await limits.rates.take([{ key: 'k', limit: 10, windowMs: 1_000, count: 10 }], 0);
  expect(taken).toMatchObject({ granted: 2, remaining: 0 });
  const [first] = await limits.slots.reserve([{ key: 'k', count: 10, intervalMs: 100 }], 0);
  const [next] = await limits.slots.reserve([{ key: 'k', count: 0, intervalMs: 100 }], 0);
  expect([first, next]).toEqual([0, 4_000]);
  const [state] = await limits.breakers.report([FAILURE], 0);
  expect(state).toMatchObject({ kind: 'open' });
  const [claimed] = await limits.breakers.claimProbes([{ webhookId: 'a', token: 't', untilMs: 99_000 }], 60_000);
  expect(claimed).toMatchObject({ granted: true });
  // It is asked once a second at most, for each kind.
  expect(await failures()).toBe(3);
  await jest.advanceTimersByTimeAsync(1_100);
  await limits.breakers.report([FAILURE], 0);
  expect(await failures()).toBe(4);
});

test('a store that refuses rates alone decides of the breakers all the same', async () => {
  const { limits, back, shared } = scene('refuses');
  back();
  shared.rates.take = () => Promise.reject(new Unavailable('full'));
  await shared.breakers.report([FAILURE], 0);
  expect(await limits.rates.take([{ key: 'k', limit: 10, windowMs: 1_000, count: 10 }], 0)).toMatchObject([
    { granted: 2 },
  ]);
  const [state] = await limits.breakers.report([{ ...FAILURE, failed: 0, failuresInARow: 0 }], 0);
  expect(state).toMatchObject({ kind: 'open' });
});

test('a store that does not answer is waited for half a second', async () => {
  const { limits } = scene('hangs');
  const taking = limits.rates.take([{ key: 'k', limit: 10, windowMs: 1_000, count: 1 }], 0);
  await jest.advanceTimersByTimeAsync(600);
  expect(await taking).toMatchObject([{ granted: 1 }]);
});

test('back again, the store decides', async () => {
  const scened = scene('refuses');
  const take = () => scened.limits.rates.take([{ key: 'k', limit: 10, windowMs: 1_000, count: 10 }], 0);
  expect(await take()).toMatchObject([{ granted: 2 }]);
  scened.back();
  await jest.advanceTimersByTimeAsync(1_100);
  expect(await take()).toMatchObject([{ granted: 10 }]);
});

function scene(fault: 'refuses' | 'hangs') {
  let isAway = true;
  const store = createMemoryLimits(OPTIONS);
  const hinder = <T>(call: () => Promise<T>): Promise<T> => {
    if (!isAway) return call();
    return fault === 'hangs' ? new Promise<T>(() => {}) : Promise.reject(new Unavailable('away'));
  };
  const shared: DispatchLimits = {
    rates: { take: (...args) => hinder(() => store.rates.take(...args)) },
    slots: { reserve: (...args) => hinder(() => store.slots.reserve(...args)) },
    breakers: {
      report: (...args) => hinder(() => store.breakers.report(...args)),
      claimProbes: (...args) => hinder(() => store.breakers.claimProbes(...args)),
    },
  };
  const metrics = createDispatcherMetrics(createMetrics('test'));
  return {
    limits: createSharedLimits({ shared, local: createMemoryLimits(OPTIONS), share: () => 0.25, metrics, log }),
    shared,
    back: () => void (isAway = false),
    failures: async () => (await metrics.limitsFailures.get()).values.reduce((sum, { value }) => sum + value, 0),
  };
}
