import { expect, test } from '@jest/globals';
import { fitting } from './page.ts';

const MIB = 1024 * 1024;
const ofSize = (bytes: number) => ({ text: 'x'.repeat(bytes) });

test.each<[number[], number]>([
  [[], 0],
  [[10, 10], 2],
  [[MIB, MIB, MIB, MIB, 10], 3],
  [[5 * MIB, 10], 1],
  [[10, 5 * MIB], 1],
])('of messages of %j bytes an answer holds %d', (sizes, count) => {
  expect(fitting(sizes.map(ofSize))).toEqual(sizes.slice(0, count).map(ofSize));
});
