import { expect, test } from '@jest/globals';
import { createRecent } from './recent.ts';

test('what came leaves one by one, after it has been there for a window', () => {
  const recent = createRecent(1_000);
  for (let atMs = 0; atMs < 1_000; atMs += 50) recent.add(atMs, 1);
  expect([-1, 0, 49, 50, 99, 100, 500, 949, 950].map(recent.since)).toEqual([20, 19, 19, 18, 18, 17, 9, 1, 0]);
});

test('many that came at once leave at once', () => {
  const recent = createRecent(1_000);
  recent.add(0, 350);
  expect([-1, 0].map(recent.since)).toEqual([350, 0]);
  recent.add(2_000, 7);
  recent.add(9_000, 5);
  expect([1_999, 2_000, 8_999, 9_000].map(recent.since)).toEqual([12, 5, 5, 0]);
});

test('a clock that is set back forgets nothing', () => {
  const recent = createRecent(1_000);
  recent.add(5_000, 1);
  recent.add(4_000, 1);
  expect([3_999, 4_999, 5_000].map(recent.since)).toEqual([2, 2, 0]);
});
