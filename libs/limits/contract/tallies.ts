import { describe, expect, test } from '@jest/globals';
import type { Limits } from '../src/index.ts';
import { createDice, NOW, type Scene } from './scene.ts';

const UNTIL = NOW + 3_600_000;

async function tell(limits: Limits, key: string, copy: string, total: number, nowMs = NOW): Promise<number> {
  const [sum] = await limits.tallies.report([{ key, copy, total, untilMs: UNTIL }], nowMs);
  return sum!;
}

export function describeTallies(scene: Scene): void {
  describe('tallies', () => {
    test('add up what each copy has', async () => {
      const { one, other } = await scene.begin();
      expect(await tell(one, 'key', 'a', 3)).toBe(3);
      expect(await tell(other, 'key', 'b', 5)).toBe(8);
      expect(await tell(one, 'key', 'a', 10)).toBe(15);
      expect(await tell(other, 'other key', 'b', 1)).toBe(1);
    });

    test('count once what is told again, and not what is told late', async () => {
      const { one, other } = await scene.begin();
      for (const total of [7, 7, 4, 1]) expect(await tell(one, 'key', 'a', total)).toBe(7);
      expect(await tell(other, 'key', 'a', 8)).toBe(8);
    });

    test('tell whoever only asks, and keep nothing of that', async () => {
      const { one, other } = await scene.begin();
      expect(await tell(one, 'key', 'a', 0)).toBe(0);
      await tell(one, 'key', 'a', 2);
      expect(await tell(other, 'key', 'a', 0)).toBe(2);
      expect(await tell(other, 'key', 'nobody', 0)).toBe(2);
    });

    test('are many in one call, each for itself, whatever the key', async () => {
      const { one } = await scene.begin();
      const keys = ['', ' ', 'a', 'A', 'a:b', '{a}', 'ü', '\0', ...Array.from({ length: 450 }, (_, n) => `key ${n}`)];
      const reports = keys.map((key, index) => ({ key, copy: 'a', total: index + 1, untilMs: UNTIL }));
      expect(await one.tallies.report(reports, NOW)).toEqual(keys.map((_, index) => index + 1));
      expect(await one.tallies.report([], NOW)).toEqual([]);
    });

    test('go beyond what 32 bits hold', async () => {
      const { one } = await scene.begin();
      await tell(one, 'key', 'a', 6_000_000_000);
      expect(await tell(one, 'key', 'b', 6_000_000_001)).toBe(12_000_000_001);
    });

    test('of copies that tell at the same time are complete in the end', async () => {
      const { one, other } = await scene.begin();
      const dice = createDice(5);
      const totals = new Map<string, number>();
      const tells: (() => Promise<number>)[] = [];
      for (let step = 0; step < 100; step++) {
        const copy = `copy ${dice(6)}`;
        const total = (totals.get(copy) ?? 0) + dice(9);
        totals.set(copy, total);
        tells.push(() => tell(step % 2 === 0 ? one : other, 'key', copy, total));
      }
      await Promise.all(tells.map((told) => told()));
      expect(await tell(one, 'key', 'nobody', 0)).toBe([...totals.values()].reduce((sum, total) => sum + total, 0));
    });
  });
}
