import { describe, expect, test } from '@jest/globals';
import { createOldestFirst } from './oldest-first.ts';

describe('a map that knows its oldest entry', () => {
  test('keeps the order of adding, over deletions and additions again', () => {
    const map = createOldestFirst<{ n: number }>();
    expect(map.oldest()).toBeUndefined();
    for (const n of [1, 2, 3]) map.add(`k${n}`, { n });
    expect(map.oldest()).toEqual(['k1', { n: 1 }]);
    map.add('k1', { n: 4 });
    expect(map.oldest()).toEqual(['k2', { n: 2 }]);
    map.delete('k2');
    map.delete('k3');
    expect(map.oldest()).toEqual(['k1', { n: 4 }]);
    map.delete('k1');
    expect(map.oldest()).toBeUndefined();
    map.add('k5', { n: 5 });
    expect(map.oldest()).toEqual(['k5', { n: 5 }]);
    expect(map.size).toBe(1);
  });

  test('takes the oldest of very many in constant time', () => {
    const map = createOldestFirst<{ n: number }>();
    const count = 200_000;
    for (let n = 0; n < count; n++) map.add(`k${n}`, { n });
    const startedAt = performance.now();
    for (let n = 0; n < count; n++) {
      map.delete(map.oldest()![0]);
      map.add(`k${count + n}`, { n });
    }
    // 0.2 s; stepping over the deleted ones takes minutes.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(map.size).toBe(count);
    expect(map.oldest()?.[0]).toBe(`k${count}`);
  });
});
