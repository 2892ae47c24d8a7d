import { expect, test } from '@jest/globals';
import { Unavailable } from '@hookline/domain';
import { createMemoryTallies } from './tallies.ts';

test('tallies in memory are bounded in number: a new key is refused openly until others have had their time', async () => {
  const tallies = createMemoryTallies({ maxTallies: 3 });
  const tell = (key: string, nowMs: number) =>
    tallies.report([{ key, copy: 'a', total: 2, untilMs: nowMs < 1_000 ? 1_000 : 2_000 }], nowMs);
  for (const key of ['a', 'b', 'c']) await tell(key, 0);
  await expect(tell('d', 1)).rejects.toThrow(Unavailable);
  expect(await tell('a', 1)).toEqual([2]);
  expect(await tell('d', 1_000)).toEqual([2]);
  expect(await tallies.report([{ key: 'a', copy: 'a', total: 0, untilMs: 2_000 }], 1_000)).toEqual([0]);
});
