import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { RateTake, Taken } from './limits.ts';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';

const MINUTE_MS = 60_000;

/** What all copies share: how many were taken of each key; of one window, which never ends here. */
function sharedWindows() {
  const used = new Map<string, number>();
  const windows = { used, away: false, calls: 0 };
  const take = async (takes: readonly RateTake[]): Promise<Taken[]> => {
    windows.calls++;
    if (windows.away) throw new Error('away');
    return takes.map(({ key, limit, count }) => {
      const before = used.get(key) ?? 0;
      const granted = Math.max(0, Math.min(count, limit - before));
      used.set(key, before + granted);
      return { granted, remaining: limit - before - granted, retryAfterMs: granted < count ? 7_000 : 0 };
    });
  };
  return { windows, take };
}

describe('a rate limiter', () => {
  const { windows, take } = sharedWindows();
  let aways = 0;
  const copies: RateLimiter[] = [];
  const copy = (maxKeys = 100) => {
    const limiter = createRateLimiter({
      take,
      prefix: 'test:',
      windowMs: MINUTE_MS,
      now: () => Date.now(),
      onAway: () => aways++,
      maxKeys,
    });
    copies.push(limiter);
    return limiter;
  };

  /** So that what was let through is told, and answered. */
  const told = () => jest.advanceTimersByTimeAsync(300);

  const started = () => {
    jest.useFakeTimers({ now: 1_000_000 });
    windows.used.clear();
    windows.away = false;
    windows.calls = 0;
    aways = 0;
  };
  afterEach(() => {
    for (const limiter of copies.splice(0)) limiter.close();
    jest.useRealTimers();
  });

  test('is looked at without anything being taken', async () => {
    started();
    const limiter = copy();
    for (let look = 0; look < 3; look++) expect(limiter.look('a', 1)).toMatchObject({ allowed: true, remaining: 1 });
    limiter.take('a', 1);
    expect(limiter.look('a', 1)).toMatchObject({ allowed: false, resetMs: MINUTE_MS });
    await told();
    expect(windows.used.get('test:a')).toBe(1);
  });

  test('lets through as many as its limit says in a window, and says what is left and until when', () => {
    started();
    const limiter = copy();
    expect(limiter.take('a', 2)).toEqual({
      allowed: true,
      limit: 2,
      windowMs: MINUTE_MS,
      remaining: 1,
      resetMs: MINUTE_MS,
    });
    jest.advanceTimersByTime(10_000);
    expect(limiter.take('a', 2)).toMatchObject({ allowed: true, remaining: 0, resetMs: 50_000 });
    expect(limiter.take('a', 2)).toMatchObject({ allowed: false, remaining: 0, resetMs: 50_000 });
    expect(limiter.take('b', 2)).toMatchObject({ allowed: true, remaining: 1 });
  });

  test('asks the shared windows once for all that came meanwhile, and for nothing while nothing comes', async () => {
    started();
    const limiter = copy();
    for (let request = 0; request < 1_000; request++) limiter.take(`key-${request % 10}`, 10_000);
    await told();
    expect(windows.calls).toBe(1);
    expect(windows.used.get('test:key-3')).toBe(100);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(windows.calls).toBe(1);
  });

  test('learns what the other copies let through', async () => {
    started();
    const [one, other] = [copy(), copy()];
    for (let request = 0; request < 6; request++) one.take('a', 10);
    expect(other.take('a', 10).allowed).toBe(true);
    await told();
    one.take('a', 10);
    await told();
    // 8 are used up by both together, and the other one learns it with its next.
    other.take('a', 10);
    await told();
    expect(other.take('a', 10)).toMatchObject({ allowed: true, remaining: 0 });
    expect(other.take('a', 10)).toMatchObject({ allowed: false });
    await told();
    expect(one.take('a', 10)).toMatchObject({ allowed: true });
    await told();
    expect(one.take('a', 10)).toMatchObject({ allowed: false });
  });

  test('whoever was refused is let through again once the shared windows have something', async () => {
    started();
    const limiter = copy();
    windows.used.set('test:a', 5);
    expect(limiter.take('a', 5).allowed).toBe(true);
    await told();
    expect(limiter.take('a', 5)).toMatchObject({ allowed: false, resetMs: expect.any(Number) });
    windows.used.set('test:a', 0);
    await told();
    expect(limiter.take('a', 5).allowed).toBe(true);
  });

  test('a request for more than is left is let through once, and what comes after it waits', () => {
    started();
    const limiter = copy();
    expect(limiter.take('a', 100, 1_000)).toMatchObject({ allowed: true, remaining: 0 });
    expect(limiter.take('a', 100).allowed).toBe(false);
    limiter.add('b', 100, 100);
    expect(limiter.take('b', 100).allowed).toBe(false);
  });

  test('what a request took beyond its window is missing in the next ones, not under another limit', () => {
    started();
    const limiter = copy();
    for (const key of ['a', 'b']) limiter.take(key, 100, 350);
    expect(limiter.take('a', 100)).toMatchObject({ allowed: false, resetMs: 3 * MINUTE_MS });
    expect(limiter.take('b', 10)).toMatchObject({ allowed: false, resetMs: MINUTE_MS });
    jest.setSystemTime(Date.now() + MINUTE_MS);
    expect(limiter.take('b', 10)).toMatchObject({ allowed: true, remaining: 9 });
    jest.setSystemTime(Date.now() + MINUTE_MS);
    expect(limiter.take('a', 100)).toMatchObject({ allowed: false, resetMs: MINUTE_MS });
    jest.setSystemTime(Date.now() + MINUTE_MS);
    expect(limiter.take('a', 100)).toMatchObject({ allowed: true, remaining: 49 });
  });

  test('with the shared windows away it keeps the limit by itself, and is heard of', async () => {
    started();
    const limiter = copy();
    windows.away = true;
    const allowed = [];
    for (let request = 0; request < 8; request++) {
      allowed.push(limiter.take('a', 5).allowed);
      await told();
    }
    expect(allowed.filter(Boolean)).toHaveLength(5);
    expect(aways).toBeGreaterThan(0);
    // What was let through then is not told afterwards.
    windows.away = false;
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(limiter.take('a', 5).allowed).toBe(true);
    await told();
    expect(windows.used.get('test:a')).toBe(1);
  });

  test('exactly: the shared windows decide, and without them this copy', async () => {
    started();
    const [one, other] = [copy(), copy()];
    const taken = await Promise.all([one, other, one, other].map((limiter) => limiter.takeExactly('a', 3)));
    expect(taken.map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
    expect(taken[3]).toMatchObject({ remaining: 0, resetMs: 7_000 });
    windows.away = true;
    const alone = [];
    for (let request = 0; request < 4; request++) alone.push((await one.takeExactly('b', 3)).allowed);
    expect(alone).toEqual([true, true, true, false]);
  });

  test('is bounded in what it remembers', () => {
    started();
    const limiter = copy(2);
    for (const key of ['a', 'a', 'b', 'c']) limiter.take(key, 1);
    // The first is forgotten.
    expect(limiter.take('a', 1).allowed).toBe(true);
    expect(limiter.take('c', 1).allowed).toBe(false);
  });
});

describe('a rate limiter over windows that slide', () => {
  const LIMIT = 10;
  const HOUR_MS = 3_600_000;
  afterEach(() => {
    jest.useRealTimers();
  });

  /** How many of all were let through that one client asked of each copy, at a steady pace. */
  async function paced(copies: number, limit: number, everyMs: number, forMs: number, windowMs = 1_000) {
    jest.useFakeTimers({ now: 1_000_000 });
    const take = slidingWindows();
    const limiters = Array.from({ length: copies }, () =>
      createRateLimiter({ take, prefix: '', windowMs, now: () => Date.now(), onAway: () => {} }),
    );
    let [asked, allowed] = [0, 0];
    for (let atMs = 0; atMs < forMs; atMs += everyMs) {
      for (const limiter of limiters) {
        asked++;
        if (limiter.take('a', limit).allowed) allowed++;
      }
      await jest.advanceTimersByTimeAsync(everyMs);
    }
    for (const limiter of limiters) limiter.close();
    return { asked, allowed };
  }

  test.each([
    ['one a window, at two thirds of it', 1, 1, 1_500],
    ['one a window, to the full', 1, 1, 1_000],
    ['one a window, after a rest', 1, 1, 30_000],
    ['at nine tenths', 1, LIMIT, 111],
    ['to the full', 1, LIMIT, 100],
    ['many, at nine tenths', 1, 180, 6],
    ['at two copies, at nine tenths together', 2, LIMIT, 223],
  ])('refuses nobody who keeps to its limit: %s', async (_how, copies, limit, everyMs) => {
    const { asked, allowed } = await paced(copies, limit, everyMs, Math.max(3_000, 100 * everyMs));
    expect(allowed).toBe(asked);
  });

  test.each([1, 2, 3])('lets no more through where %d copies are asked for much more', async (copies) => {
    const { allowed } = await paced(copies, LIMIT, 10, 20_000);
    // Each copy may know nothing of the others for as long as it tells nothing.
    expect(allowed).toBeGreaterThanOrEqual(0.9 * LIMIT * 20);
    expect(allowed).toBeLessThanOrEqual(1.3 * LIMIT * 20);
  });

  test('lets the first one through after a rest, whatever was refused before', async () => {
    jest.useFakeTimers({ now: 1_000_000 });
    const take = slidingWindows();
    const limiter = createRateLimiter({
      take,
      prefix: '',
      windowMs: MINUTE_MS,
      now: () => Date.now(),
      onAway: () => {},
    });
    for (let request = 0; request < 3; request++) {
      limiter.take('a', 2);
      await jest.advanceTimersByTimeAsync(300);
    }
    expect(limiter.take('a', 2).allowed).toBe(false);
    await jest.advanceTimersByTimeAsync(HOUR_MS);
    expect(limiter.take('a', 2)).toMatchObject({ allowed: true, remaining: 1 });
    limiter.close();
  });
});

/** Exact, as the shared ones are. */
function slidingWindows() {
  const takenAtMs: number[] = [];
  return async (takes: readonly RateTake[], nowMs: number): Promise<Taken[]> =>
    takes.map(({ limit, windowMs, count }) => {
      while (takenAtMs.length > 0 && takenAtMs[0]! <= nowMs - windowMs) takenAtMs.shift();
      const granted = Math.max(0, Math.min(count, limit - takenAtMs.length));
      for (let one = 0; one < granted; one++) takenAtMs.push(nowMs);
      return { granted, remaining: limit - takenAtMs.length, retryAfterMs: granted < count ? windowMs : 0 };
    });
}
