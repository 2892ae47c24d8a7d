import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createDayMeter, usedToday, type DayMeter } from './day-meter.ts';
import type { Tallies, TallyReport } from './limits.ts';

const MIDNIGHT = Date.parse('2026-11-28T00:00:00Z');
const NOON = MIDNIGHT + 12 * 3_600_000;

describe('a day’s meter', () => {
  /** What all copies share. */
  const totals = new Map<string, Map<string, number>>();
  let calls: (readonly TallyReport[])[] = [];
  let away = false;
  let aways = 0;
  const tallies: Tallies = {
    async report(reports) {
      calls.push(reports);
      if (away) throw new Error('away');
      return reports.map(({ key, copy, total }) => {
        const held = totals.get(key) ?? new Map<string, number>();
        if (total > 0) totals.set(key, held.set(copy, Math.max(total, held.get(copy) ?? 0)));
        return [...held.values()].reduce((sum, value) => sum + value, 0);
      });
    },
  };
  const meters: DayMeter[] = [];
  const copy = (maxKeys = 100) => {
    const meter = createDayMeter({
      report: tallies.report.bind(tallies),
      now: () => Date.now(),
      onAway: () => aways++,
      maxKeys,
    });
    meters.push(meter);
    return meter;
  };
  /** How many were let through of those wanted, all of which are used. */
  const use = async (meter: DayMeter, count: number, limit: number, key = 'acme') => {
    const { granted, settle } = await meter.reserve(key, count, limit);
    settle(granted);
    return granted;
  };
  const told = () => jest.advanceTimersByTimeAsync(1_100);

  beforeEach(() => {
    jest.useFakeTimers({ now: NOON });
    totals.clear();
    [calls, away, aways] = [[], false, 0];
  });
  afterEach(async () => {
    await Promise.all(meters.splice(0).map((meter) => meter.close()));
    jest.useRealTimers();
  });

  test('lets through as many as there are in a day, of a batch those that are left', async () => {
    const meter = copy();
    expect(await use(meter, 4, 10)).toBe(4);
    expect(await use(meter, 7, 10)).toBe(6);
    expect(await use(meter, 1, 10)).toBe(0);
    expect(await use(meter, 1, 11)).toBe(1);
    expect(await use(meter, 1, 10, 'globex')).toBe(1);
    jest.setSystemTime(MIDNIGHT + 86_400_000);
    expect(await use(meter, 7, 10)).toBe(7);
  });

  test('keeps set aside what is under way, and gives back what was not used', async () => {
    const meter = copy();
    const first = await meter.reserve('acme', 8, 10);
    const second = await meter.reserve('acme', 8, 10);
    expect([first.granted, second.granted]).toEqual([8, 2]);
    expect(first.settle(3)).toBe(3);
    expect(second.settle(0)).toBe(3);
    expect(await use(meter, 9, 10)).toBe(7);
  });

  test('asks first of a key that has a limit, and tells once a second, all keys in one call', async () => {
    const meter = copy();
    for (let round = 0; round < 30; round++) {
      await Promise.all([use(meter, 2, 1_000), use(meter, 1, 1_000, 'globex')]);
      await jest.advanceTimersByTimeAsync(100);
    }
    const [first, second, ...later] = calls;
    expect([first, second].map((call) => call?.map(({ total }) => total))).toEqual([[0], [0]]);
    expect(later.length).toBeLessThanOrEqual(3);
    for (const call of later) expect(call).toHaveLength(2);
  });

  test('costs a key without a limit no question', async () => {
    const meter = copy();
    expect(await use(meter, 5, Infinity)).toBe(5);
    expect(calls).toEqual([]);
    await told();
    expect(await usedToday(tallies, 'acme', Date.now())).toBe(5);
  });

  test('knows what other copies let through: at once where it has heard nothing for a while', async () => {
    const [one, other] = [copy(), copy()];
    await use(one, 6, 10);
    await told();
    expect(await use(other, 6, 10)).toBe(4);
    await told();
    expect(await use(one, 1, 10)).toBe(1);
    jest.setSystemTime(Date.now() + 3_000);
    expect(await use(one, 1, 10)).toBe(0);
  });

  test('tells what is untold when it closes, and a new copy goes on from there', async () => {
    const meter = copy();
    await use(meter, 6, 10);
    await meter.close();
    expect(await use(copy(), 6, 10)).toBe(4);
  });

  test('goes on by itself while the tallies are away, and tells them afterwards what it let through', async () => {
    const meter = copy();
    away = true;
    expect(await use(meter, 6, 10)).toBe(6);
    expect(await use(meter, 6, 10)).toBe(4);
    expect(await use(meter, 1, 10)).toBe(0);
    expect([calls.length, aways]).toEqual([1, 1]);
    await told();
    away = false;
    await jest.advanceTimersByTimeAsync(2_500);
    expect(await usedToday(tallies, 'acme', Date.now())).toBe(10);
  });

  test('counts once what was told although no answer came', async () => {
    const meter = createDayMeter({
      async report(reports, nowMs) {
        await tallies.report(reports, nowMs);
        throw new Error('the answer was lost');
      },
      now: () => Date.now(),
      onAway: () => aways++,
    });
    meters.push(meter);
    await use(meter, 3, 10);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(aways).toBeGreaterThan(2);
    expect(await usedToday(tallies, 'acme', Date.now())).toBe(3);
  });

  test('asks and tells of a key in turn, so that it takes nothing of its own for another copy’s', async () => {
    const underWay: (() => void)[] = [];
    const meter = createDayMeter({
      report: (reports, nowMs) =>
        new Promise((resolve) => underWay.push(() => void tallies.report(reports, nowMs).then(resolve))),
      now: () => Date.now(),
      onAway: () => aways++,
    });
    /** The last that came is taken in first. */
    const answer = async () => {
      for (const one of underWay.splice(0).toReversed()) one();
      await jest.advanceTimersByTimeAsync(0);
    };
    (await meter.reserve('acme', 5, Infinity)).settle(5);
    const asking = meter.reserve('acme', 1, 100);
    (await meter.reserve('acme', 5, Infinity)).settle(5);
    await told();
    await answer();
    await told();
    await answer();
    (await asking).settle(0);
    expect((await meter.reserve('acme', 100, 100)).granted).toBe(90);
    const closed = meter.close();
    await answer();
    await closed;
  });

  test('tells of many keys by calls that each can be answered in time, and of those that were not with the next', async () => {
    const meter = copy(10_000);
    const keys = Array.from({ length: 2_500 }, (_, index) => `tenant ${index}`);
    for (const key of keys) await use(meter, 1, Infinity, key);
    away = true;
    await told();
    expect(calls.map((call) => call.length)).toEqual([1_000]);
    calls = [];
    away = false;
    await told();
    expect(calls.map((call) => call.length)).toEqual([1_000, 1_000, 500]);
    expect(new Set(calls.flat().map(({ key }) => key)).size).toBe(2_500);
    calls = [];
    await told();
    expect(calls).toEqual([]);
  });

  test('keeps so many keys: one that was forgotten counts on from what was told of it', async () => {
    const meter = copy(2);
    await use(meter, 6, 10);
    await told();
    for (const key of ['b', 'c', 'd']) await use(meter, 1, 10, key);
    expect(await use(meter, 6, 10)).toBe(4);
    await told();
    expect(await usedToday(tallies, 'acme', Date.now())).toBe(10);
  });
});
