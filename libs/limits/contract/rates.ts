import { describe, expect, test } from '@jest/globals';
import { NOW, createDice, takeOne, type Scene } from './scene.ts';

export function describeRates(scene: Scene): void {
  describe('rate windows', () => {
    test('allow `limit`, then nothing until the oldest has left the window', async () => {
      const { one, other } = await scene.begin();
      const take = (limits: typeof one, atMs: number) => takeOne(limits, 'key', 3, 1_000, NOW + atMs);
      expect(await take(one, 0)).toEqual({ allowed: true, remaining: 2, retryAfterMs: 0 });
      expect(await take(other, 100)).toEqual({ allowed: true, remaining: 1, retryAfterMs: 0 });
      expect(await take(one, 200)).toEqual({ allowed: true, remaining: 0, retryAfterMs: 0 });
      expect(await take(other, 300)).toEqual({ allowed: false, remaining: 0, retryAfterMs: 700 });
      expect(await take(one, 999)).toEqual({ allowed: false, remaining: 0, retryAfterMs: 1 });
      // What was refused doesn't count.
      expect(await take(other, 1_000)).toEqual({ allowed: true, remaining: 0, retryAfterMs: 0 });
      expect(await take(one, 1_001)).toEqual({ allowed: false, remaining: 0, retryAfterMs: 99 });
      expect(await take(one, 9_000)).toEqual({ allowed: true, remaining: 2, retryAfterMs: 0 });
    });

    test('give as many as there are of those that are wanted at once', async () => {
      const { one, other } = await scene.begin();
      const take = async (limits: typeof one, count: number, atMs: number, limit = 10) =>
        (await limits.rates.take([{ key: 'key', limit, windowMs: 1_000, count }], NOW + atMs))[0];
      expect(await take(one, 4, 0)).toEqual({ granted: 4, remaining: 6, retryAfterMs: 0 });
      expect(await take(other, 4, 200)).toEqual({ granted: 4, remaining: 2, retryAfterMs: 0 });
      expect(await take(one, 4, 300)).toEqual({ granted: 2, remaining: 0, retryAfterMs: 700 });
      expect(await take(one, 1, 999)).toEqual({ granted: 0, remaining: 0, retryAfterMs: 1 });
      expect(await take(one, 0, 999)).toEqual({ granted: 0, remaining: 0, retryAfterMs: 0 });
      expect(await take(other, 9, 1_000)).toEqual({ granted: 4, remaining: 0, retryAfterMs: 200 });
      // Three may remain: those of 200 and 300 have to leave, and two of those of 1,000.
      expect(await take(one, 1, 1_100, 3)).toEqual({ granted: 0, remaining: 0, retryAfterMs: 900 });
      expect(await take(one, 5, 9_000, 3)).toEqual({ granted: 3, remaining: 0, retryAfterMs: 1_000 });
    });

    test('are many in one call, each for itself', async () => {
      const { one } = await scene.begin();
      const takes = Array.from({ length: 500 }, (_, index) => ({
        key: `key ${index % 400}`,
        limit: 1 + (index % 5),
        windowMs: 1_000,
        count: 3,
      }));
      const granted = (await one.rates.take(takes, NOW)).map((taken) => taken.granted);
      const expected = takes.map(({ limit }, index) => (index < 400 ? Math.min(limit, 3) : Math.max(0, limit - 3)));
      expect(granted).toEqual(expected);
      expect(await one.rates.take([], NOW)).toEqual([]);
    });

    test('are one per key, whatever the key', async () => {
      const { one, other } = await scene.begin();
      const keys = ['', ' ', 'a', 'A', 'a:b', '{a}', 'ü', '\0', 'long'.repeat(2_000), `${'long'.repeat(2_000)}er`];
      for (const key of keys) expect(await takeOne(one, key, 1, 1_000, NOW)).toMatchObject({ allowed: true });
      for (const key of keys) expect(await takeOne(other, key, 1, 1_000, NOW)).toMatchObject({ allowed: false });
    });

    test('follow a limit that is lowered or raised', async () => {
      const { one } = await scene.begin();
      for (let index = 0; index < 5; index++) await takeOne(one, 'key', 5, 1_000, NOW + index * 100);
      expect(await takeOne(one, 'key', 2, 1_000, NOW + 500)).toEqual({
        allowed: false,
        remaining: 0,
        // Two may remain: the fourth one has to leave.
        retryAfterMs: 800,
      });
      expect(await takeOne(one, 'key', 7, 1_000, NOW + 500)).toEqual({
        allowed: true,
        remaining: 1,
        retryAfterMs: 0,
      });
      expect(await takeOne(one, 'key', 7, 1_000, NOW + 600)).toEqual({
        allowed: true,
        remaining: 0,
        retryAfterMs: 0,
      });
    });

    test('give nothing away to a caller whose clock is behind', async () => {
      const { one, other } = await scene.begin();
      await takeOne(one, 'key', 2, 1_000, NOW);
      expect(await takeOne(other, 'key', 2, 1_000, NOW - 100)).toMatchObject({ allowed: true });
      expect(await takeOne(one, 'key', 1, 1_000, NOW + 500)).toMatchObject({ allowed: false, retryAfterMs: 500 });
      expect(await takeOne(one, 'key', 2, 1_000, NOW + 999)).toMatchObject({ allowed: false });
      expect(await takeOne(one, 'key', 2, 1_000, NOW + 1_000)).toMatchObject({ allowed: true });
    });

    test('allow exactly `limit` of many concurrent takes', async () => {
      const { one, other } = await scene.begin();
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, index) => takeOne(index % 2 === 0 ? one : other, 'key', 25, 1_000, NOW)),
      );
      const allowed = answers.filter((answer) => answer.allowed);
      expect(allowed).toHaveLength(25);
      expect(allowed.map(({ remaining }) => remaining).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 25 }, (_, n) => n),
      );
    });

    test.each([1, 2, 3])(
      'at random times never allow more than `limit` in any window, nor less than they could (seed %i)',
      async (seed) => {
        const { one, other } = await scene.begin();
        const dice = createDice(seed);
        const [limit, windowMs] = [2 + dice(5), 500];
        const taken: number[] = [];
        let nowMs = NOW;
        for (let step = 0; step < 200; step++) {
          nowMs += dice(200);
          const within = taken.filter((atMs) => atMs > nowMs - windowMs);
          const count = 1 + dice(3);
          const { rates } = dice(2) === 0 ? one : other;
          const granted = Math.min(count, limit - within.length);
          for (let index = 0; index < granted; index++) within.push(nowMs);
          expect(await rates.take([{ key: 'key', limit, windowMs, count }], nowMs)).toEqual([
            {
              granted,
              remaining: limit - within.length,
              retryAfterMs: granted === count ? 0 : within[0]! + windowMs - nowMs,
            },
          ]);
          taken.push(...within.slice(within.length - granted));
        }
        expect(taken.length).toBeLessThan(300);
      },
    );
  });
}
