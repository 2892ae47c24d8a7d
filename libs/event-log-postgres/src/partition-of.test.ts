import { expect, test } from '@jest/globals';
import { partitionOf } from './partition-of.ts';

test('never changes: keys are where they were put', () => {
  const partitions = ['', 'a', 'dlv_0123456789abcdef', 'schlüssel', '😀'].map((key) => partitionOf(key, 12));
  expect(partitions).toEqual([11, 3, 5, 11, 10]);
});

test('spreads similar keys evenly', () => {
  const counts = Array.from({ length: 12 }, () => 0);
  for (let n = 0; n < 12_000; n++) counts[partitionOf(`order-${n}`, 12)]!++;
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});
