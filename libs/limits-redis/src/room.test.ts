import { describe, expect, test } from '@jest/globals';
import { keysThatFit } from './room.ts';

const MIB = 1_048_576;

describe('how many keys fit', () => {
  test.each([
    ['any number where there is no maxmemory', { limit: 0, used: 9 * MIB, ofKeys: 5 * MIB, keys: 5_000 }, Infinity],
    ['40 % of it, by what a key takes', { limit: 512 * MIB, used: 300 * MIB, ofKeys: 200_000, keys: 1_000 }, 1_073_741],
    ['40 % of it, by what is reckoned of a key', { limit: 100 * MIB, used: MIB, ofKeys: 0, keys: 0 }, 167_772],
    [
      'no more than that, however much is free',
      { limit: 100 * MIB, used: 60 * MIB, ofKeys: 50e6, keys: 250_000 },
      209_715,
    ],
    ['above 90 % what leaves 90 %', { limit: 100 * MIB, used: 95 * MIB, ofKeys: 20 * MIB, keys: 20_000 }, 15_000],
    ['but 5 % of it always', { limit: 100 * MIB, used: 120 * MIB, ofKeys: 10 * MIB, keys: 10_000 }, 5_000],
    ['one at least', { limit: 1, used: MIB, ofKeys: 0, keys: 0 }, 1],
  ])('%s', (_, memory, fit) => expect(keysThatFit(memory)).toBe(fit));
});
