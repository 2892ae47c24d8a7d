import { Unavailable } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { createGatherer } from './gather.ts';

function scene({ maxItems = 100, maxUnderWay = 1, maxWaiting = 1_000, lingerFrom = Infinity } = {}) {
  const calls: { items: number[]; finish: () => void; fail: (error: Error) => void }[] = [];
  const gather = createGatherer<number, number>({
    run: (items) =>
      new Promise((resolve, reject) => {
        calls.push({ items, finish: () => resolve(items.map((item) => item * 10)), fail: reject });
      }),
    maxItems,
    maxUnderWay,
    maxWaiting,
    lingerMs: 30,
    lingerFrom,
  });
  return { calls, gather };
}

describe('createGatherer', () => {
  test('makes one call of what comes in one turn, and gives each group its own answers', async () => {
    const { calls, gather } = scene();
    const answers = Promise.all([gather([1]), gather([2, 3]), gather([]), gather([4])]);
    expect(calls).toHaveLength(0);
    await turn();
    expect(calls.map(({ items }) => items)).toEqual([[1, 2, 3, 4]]);
    calls[0]!.finish();
    expect(await answers).toEqual([[10], [20, 30], [], [40]]);
  });

  test('gathers what comes while a call is under way for the next one', async () => {
    const { calls, gather } = scene();
    const first = gather([1]);
    await turn();
    const later = [gather([2])];
    await turn();
    later.push(gather([3]));
    await turn();
    expect(calls).toHaveLength(1);
    calls[0]!.finish();
    expect(await first).toEqual([10]);
    await turn();
    expect(calls[1]!.items).toEqual([2, 3]);
    calls[1]!.finish();
    expect(await Promise.all(later)).toEqual([[20], [30]]);
  });

  test('keeps to the number of items and of calls, and groups together', async () => {
    const { calls, gather } = scene({ maxItems: 2, maxUnderWay: 2 });
    const answers = Promise.all([[1, 2, 3], [4], [5], [6, 7], [8]].map((items) => gather(items)));
    await turn();
    await turn();
    await turn();
    expect(calls.map(({ items }) => items)).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    calls[1]!.finish();
    await turn();
    await turn();
    expect(calls[2]!.items).toEqual([6, 7]);
    calls[0]!.finish();
    await turn();
    await turn();
    expect(calls[3]!.items).toEqual([8]);
    calls[2]!.finish();
    calls[3]!.finish();
    expect(await answers).toEqual([[10, 20, 30], [40], [50], [60, 70], [80]]);
  });

  test('a failed call fails its items only', async () => {
    const { calls, gather } = scene();
    const failing = Promise.allSettled([gather([1]), gather([2])]);
    await turn();
    calls[0]!.fail(new Error('away'));
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = gather([3]);
    await turn();
    calls[1]!.finish();
    expect(await next).toEqual([30]);
  });

  test('lingers for more where the call before was for several, but not once there is enough', async () => {
    const { calls, gather } = scene({ lingerFrom: 2, maxItems: 3 });
    const first = [gather([1]), gather([2])];
    await turn();
    calls[0]!.finish();
    await Promise.all(first);
    const second = [gather([3])];
    await turn();
    second.push(gather([4]));
    await turn();
    expect(calls).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(calls[1]!.items).toEqual([3, 4]);
    const full = [gather([5, 6, 7])];
    calls[1]!.finish();
    await Promise.all(second);
    await turn();
    expect(calls[2]!.items).toEqual([5, 6, 7]);
    calls[2]!.finish();
    await Promise.all(full);
    const alone = gather([8]);
    await turn();
    expect(calls[3]!.items).toEqual([8]);
    calls[3]!.finish();
    expect(await alone).toEqual([80]);
  });

  test('refuses more than may wait', async () => {
    const { calls, gather } = scene({ maxWaiting: 3 });
    const taken = [gather([1, 2]), gather([3])];
    await expect(gather([4])).rejects.toBeInstanceOf(Unavailable);
    await turn();
    calls[0]!.finish();
    expect(await Promise.all(taken)).toEqual([[10, 20], [30]]);
    const more = gather([4, 5, 6, 7]);
    await turn();
    calls[1]!.finish();
    expect(await more).toEqual([40, 50, 60, 70]);
  });
});
