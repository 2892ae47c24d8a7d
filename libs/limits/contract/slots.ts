import { describe, expect, test } from '@jest/globals';
import type { Limits } from '../src/index.ts';
import { NOW, createDice, type Scene } from './scene.ts';

export function describeSlots(scene: Scene): void {
  async function reserve(limits: Limits, count: number, nowMs: number, intervalMs = 100, key = 'queue') {
    const [atMs] = await limits.slots.reserve([{ key, count, intervalMs }], nowMs);
    return atMs! - NOW;
  }

  describe('drain slots', () => {
    test('follow each other over all who reserve', async () => {
      const { one, other } = await scene.begin();
      expect(await reserve(one, 3, NOW)).toBe(0);
      expect(await reserve(other, 1, NOW)).toBe(300);
      expect(await reserve(one, 1, NOW + 50, 1_000)).toBe(400);
      expect(await reserve(other, 2, NOW + 60)).toBe(1_400);
      expect(await reserve(one, 1, NOW + 1_600)).toBe(1_600);
      expect(await reserve(one, 1, NOW + 9_000)).toBe(9_000);
    });

    test('can be asked for without being reserved', async () => {
      const { one, other } = await scene.begin();
      expect(await reserve(one, 0, NOW)).toBe(0);
      await reserve(one, 5, NOW);
      expect(await reserve(other, 0, NOW + 20)).toBe(500);
      expect(await reserve(other, 1, NOW + 30)).toBe(500);
      expect(await reserve(other, 0, NOW + 700)).toBe(700);
    });

    test('come no earlier than they are wanted', async () => {
      const { one } = await scene.begin();
      const wanted = { key: 'queue', count: 2, intervalMs: 10, fromMs: NOW + 5_000 };
      expect(await one.slots.reserve([wanted, wanted], NOW)).toEqual([NOW + 5_000, NOW + 5_020]);
      expect(await one.slots.reserve([{ ...wanted, fromMs: NOW - 9 }], NOW)).toEqual([NOW + 5_040]);
    });

    test('are of many queues in one call', async () => {
      const { one } = await scene.begin();
      const queues = Array.from({ length: 500 }, (_, index) => ({ key: `q ${index}`, count: index, intervalMs: 2 }));
      expect(await one.slots.reserve(queues, NOW)).toEqual(queues.map(() => NOW));
      const again = queues.map((queue) => ({ ...queue, count: 1 }));
      expect(await one.slots.reserve(again, NOW)).toEqual(queues.map(({ count }) => NOW + count * 2));
      expect(await one.slots.reserve([], NOW)).toEqual([]);
    });

    test('are each given once to many at a time', async () => {
      const { one, other } = await scene.begin();
      const places = await Promise.all(
        Array.from({ length: 60 }, (_, index) => reserve(index % 2 === 0 ? one : other, 1, NOW)),
      );
      expect(places.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index * 100));
    });

    test.each([1, 2])('at random are where a sum says, fractions included (seed %i)', async (seed) => {
      const { one, other } = await scene.begin();
      const dice = createDice(seed);
      let [nextAtMs, nowMs] = [0, NOW];
      for (let step = 0; step < 150; step++) {
        nowMs += dice(400);
        const count = dice(4);
        const intervalMs = [1 / 3, 100 / 7, 250][dice(3)]!;
        const [atMs] = await (dice(2) === 0 ? one : other).slots.reserve([{ key: 'queue', count, intervalMs }], nowMs);
        const expected = Math.max(nowMs, nextAtMs);
        expect([step, atMs]).toEqual([step, expected]);
        if (count > 0) nextAtMs = expected + count * intervalMs;
      }
    });
  });
}
