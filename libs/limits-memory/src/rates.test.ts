import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '@hookline/domain';
import { createMemoryRates } from './rates.ts';

describe('rate windows in memory', () => {
  test('are bounded in number: a new key is refused openly, those in use go on', async () => {
    const rates = createMemoryRates({ maxWindows: 3 });
    for (const key of ['a', 'b', 'c']) await rates.take(key, 2, 1_000, 0);
    await expect(rates.take('d', 2, 1_000, 1)).rejects.toThrow(Unavailable);
    expect(await rates.take('a', 2, 1_000, 1)).toMatchObject({ allowed: true });
    expect(await rates.take('a', 2, 1_000, 1)).toMatchObject({ allowed: false });
    expect(await rates.take('d', 2, 1_000, 1_000)).toMatchObject({ allowed: true });
  });

  test('are bounded in what they remember together', async () => {
    const rates = createMemoryRates({ maxTakes: 10 });
    for (let take = 0; take < 10; take++) await rates.take(`key ${take % 2}`, 100, 1_000, take);
    await expect(rates.take('key 0', 100, 1_000, 10)).rejects.toThrow(Unavailable);
    for (let take = 0; take < 100; take++) {
      expect(await rates.take('key 0', 100, 1_000, 2_000 * (1 + take))).toMatchObject({ allowed: true, remaining: 99 });
    }
  });
});
