import { expect, test } from '@jest/globals';
import { createSettledDeliveries } from './settled-deliveries.ts';

test('what comes next and what was made is known of the latest', () => {
  const settled = createSettledDeliveries(2);
  expect([settled.get('a'), settled.made('a')]).toEqual([undefined, 0]);
  settled.set('a', 3);
  expect([settled.get('a'), settled.made('a')]).toEqual([3, 2]);
  settled.set('a', Infinity, 0);
  expect([settled.get('a'), settled.made('a')]).toEqual([Infinity, 0]);
  settled.set('a', Infinity, 4);
  expect([settled.get('a'), settled.made('a')]).toEqual([Infinity, 4]);
  for (const other of ['b', 'c', 'd']) settled.set(other, 2);
  expect([settled.get('a'), settled.get('d')]).toEqual([undefined, 2]);
});
