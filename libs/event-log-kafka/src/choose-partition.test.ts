import { describe, expect, test } from '@jest/globals';
import { createPartitionChooser } from './choose-partition.ts';
import { murmur2 } from './murmur2.ts';

describe('choosing a partition', () => {
  // From UtilsTest of Kafka's Java client.
  test.each([
    ['21', -973_932_308],
    ['foobar', -790_332_482],
    ['a-little-bit-long-string', -985_981_536],
    ['a-little-bit-longer-string', -1_486_304_829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
    ['abc', 479_470_107],
  ])('hashes %s as Java does', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  test('a key always leads to the same partition', () => {
    const chooser = createPartitionChooser();
    expect(chooser.ofKey('foobar', 12)).toBe((-790_332_482 & 0x7fffffff) % 12);
    expect(chooser.ofKey('foobar', 12)).toBe(chooser.ofKey('foobar', 12));
  });

  test('without a key, one send stays on a partition until that has enough, the next send goes on', () => {
    const chooser = createPartitionChooser(() => 0.5);
    const one = Array.from({ length: 600 }, () => chooser.spread('t', 4, 10, 1));
    expect(one).toEqual([...Array(250).fill(2), ...Array(250).fill(3), ...Array(100).fill(0)]);
    expect(chooser.spread('t', 4, 10, 2)).toBe(1);
    expect([chooser.spread('t', 4, 300_000, 3), chooser.spread('t', 4, 10, 3)]).toEqual([2, 3]);
  });

  test('sends of single records use all partitions evenly', () => {
    const chooser = createPartitionChooser();
    const used = Array.from({ length: 12 }, (_, send) => chooser.spread('t', 12, 10, send));
    expect(new Set(used).size).toBe(12);
  });
});
