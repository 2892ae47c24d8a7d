import { describe, expect, test } from '@jest/globals';
import { assignSticky } from './sticky-assigner.ts';

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

function assign(members: Record<string, string[]>, topics: Record<string, number>) {
  const claims = Object.entries(members).map(([memberId, has]) => ({ memberId, has: new Set(has) }));
  const partitions = new Map(Object.entries(topics).map(([topic, count]) => [topic, range(count)]));
  return Object.fromEntries(assignSticky(claims, partitions));
}

describe('sticky assignment', () => {
  test('one member gets everything', () => {
    expect(assign({ a: [] }, { t: 3, u: 2 })).toEqual({ a: { t: [0, 1, 2], u: [0, 1] } });
  });

  test('a member that comes takes only its share; what stays, stays', () => {
    const after = assign({ a: range(12).map((n) => `t/${n}`), b: [] }, { t: 12 });
    expect(after['a']!['t']).toHaveLength(6);
    expect([...after['a']!['t']!, ...after['b']!['t']!].sort((x, y) => x - y)).toEqual(range(12));
    const third = assign(
      { a: after['a']!['t']!.map((n) => `t/${n}`), b: after['b']!['t']!.map((n) => `t/${n}`), c: [] },
      { t: 12 },
    );
    expect(third['c']!['t']).toHaveLength(4);
    for (const member of ['a', 'b']) {
      expect(after[member]!['t']).toEqual(expect.arrayContaining(third[member]!['t']!));
      expect(third[member]!['t']).toHaveLength(4);
    }
  });

  test('a member that goes leaves its share to the others, who keep theirs', () => {
    const after = assign({ a: ['t/0', 't/3'], b: ['t/1', 't/4'] }, { t: 6 });
    expect(after['a']!['t']).toEqual(expect.arrayContaining([0, 3]));
    expect(after['b']!['t']).toEqual(expect.arrayContaining([1, 4]));
    expect(after['a']!['t']).toHaveLength(3);
  });

  test('uneven shares differ by one, and the larger ones of several topics go to different members', () => {
    const after = assign({ a: [], b: [] }, { t: 3, u: 3 });
    const count = (member: string) => Object.values(after[member]!).flat().length;
    expect([count('a'), count('b')]).toEqual([3, 3]);
  });

  test('two that claim the same: one gets it; claims of what is not there count for nothing', () => {
    const after = assign({ a: ['t/0', 't/1', 'gone/4'], b: ['t/0', 't/1', 't/99'] }, { t: 2 });
    expect([...after['a']!['t']!, ...after['b']!['t']!].sort((x, y) => x - y)).toEqual([0, 1]);
  });

  test('more members than partitions: some get nothing', () => {
    const after = assign({ a: [], b: [], c: ['t/0'] }, { t: 1 });
    expect(after).toEqual({ a: {}, b: {}, c: { t: [0] } });
  });

  test('whatever the claims, every partition has one owner and shares differ by at most one', () => {
    let seed = 7;
    const random = (limit: number) => (seed = (seed * 48_271) % 2_147_483_647) % limit;
    for (let round = 0; round < 300; round++) {
      const count = 1 + random(16);
      const names = range(1 + random(6)).map((n) => `m${n}`);
      const members = Object.fromEntries(names.map((name) => [name, range(random(9)).map(() => `t/${random(count)}`)]));
      const shares = Object.values(assign(members, { t: count })).map((share) => share['t'] ?? []);
      expect(shares.flat().sort((x, y) => x - y)).toEqual(range(count));
      const sizes = shares.map((share) => share.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });
});
