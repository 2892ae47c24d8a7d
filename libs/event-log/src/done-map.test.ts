import { describe, expect, test } from '@jest/globals';
import { decodeDoneMap, encodeDoneMap } from './done-map.ts';

let seed = 7;
const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
const upTo = (most: number) => 1 + Math.floor(random() * most);

function randomRuns(): number[] {
  const [count, longest] = [2 * upTo(200), 10 ** upTo(4)];
  return Array.from({ length: count }, () => upTo(longest));
}

describe('done map', () => {
  test('what was encoded is what is decoded, whatever the shape', () => {
    for (let round = 0; round < 150; round++) {
      const from = Math.floor(random() * 2 ** (10 * upTo(4)));
      const runs = randomRuns();
      expect(decodeDoneMap(from, encodeDoneMap(from, runs, 1_000_000))).toEqual(runs);
    }
  });

  test('it fits into the characters given, and what it still says is true and reaches as far as that allows', () => {
    for (let round = 0; round < 150; round++) {
      const runs = randomRuns();
      const most = 20 + upTo(2_000);
      const text = encodeDoneMap(1_000, runs, most);
      expect(text.length).toBeLessThanOrEqual(most);
      const done = offsetsOf(runs);
      const said = offsetsOf(decodeDoneMap(1_000, text));
      expect(said).toEqual(done.slice(0, said.length));
    }
  });

  test('nothing done is nothing said', () => {
    expect(encodeDoneMap(5, [], 4_000)).toBe('');
    expect(decodeDoneMap(5, '')).toEqual([]);
  });

  test('one open among 50,000 done takes a dozen characters; each second one open, a bit each', () => {
    expect(encodeDoneMap(0, [1, 50_000], 4_000).length).toBeLessThan(16);
    const alternating = Array.from({ length: 20_000 }, () => 1);
    const text = encodeDoneMap(0, alternating, 4_000);
    expect(text.slice(0, 4)).toBe('hl1b');
    expect(decodeDoneMap(0, text)).toEqual(alternating);
  });

  test.each([
    ['of another offset', encodeDoneMap(6, [1, 1], 4_000)],
    ['Confluent’s', 'bAAFAA=='],
    ['words', 'committed by hand'],
    ['another version', `hl2r${encodeDoneMap(5, [1, 1], 4_000).slice(4)}`],
    ['cut off', encodeDoneMap(5, [1, 300], 4_000).slice(0, -3)],
    ['an odd number of runs', `hl1r${Buffer.from([5, 1, 1, 1]).toString('base64')}`],
    ['a run of nothing', `hl1r${Buffer.from([5, 0, 1]).toString('base64')}`],
    ['a number without end', `hl1r${Buffer.from([5, ...Array<number>(12).fill(255)]).toString('base64')}`],
    ['the first offset done', `hl1b${Buffer.from([5, 1]).toString('base64')}`],
    ['nothing but the magic', 'hl1r'],
  ])('%s is ignored', (_, text) => {
    expect(decodeDoneMap(5, text)).toEqual([]);
  });
});

function offsetsOf(runs: readonly number[]): number[] {
  const offsets: number[] = [];
  let at = 0;
  runs.forEach((run, index) => {
    if (index % 2 === 1)
      for (let offset = at; offset < at + run && offsets.length < 2_000; offset++) offsets.push(offset);
    at += run;
  });
  return offsets;
}
