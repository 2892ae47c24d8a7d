import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '@hookline/domain';
import { createMemoryRates } from './rates.ts';

describe('rate windows in memory', () => {
  test('are bounded in number: a new key is refused openly, those in use go on', async () => {
    const rates = createMemoryRates({ maxWindows: 3 });
    const take = (key: string, nowMs: number) => rates.take([{ key, limit: 2, windowMs: 1_000, count: 1 }], nowMs);
    for (const key of ['a', 'b', 'c']) await take(key, 0);
    await expect(take('d', 1)).rejects.toThrow(Unavailable);
    expect(await take('a', 1)).toMatchObject([{ granted: 1 }]);
    expect(await take('a', 1)).toMatchObject([{ granted: 0 }]);
    expect(await take('d', 1_000)).toMatchObject([{ granted: 1 }]);
  });

  test('are bounded in what they remember together', async () => {
    const rates = createMemoryRates({ maxTakes: 10 });
    const take = (key: string, nowMs: number) => rates.take([{ key, limit: 100, windowMs: 1_000, count: 1 }], nowMs);
    for (let round = 0; round < 10; round++) await take(`key ${round % 2}`, round);
    await expect(take('key 0', 10)).rejects.toThrow(Unavailable);
    for (let round = 0; round < 100; round++) {
      expect(await take('key 0', 2_000 * (1 + round))).toMatchObject([{ granted: 1, remaining: 99 }]);
    }
  });
});
