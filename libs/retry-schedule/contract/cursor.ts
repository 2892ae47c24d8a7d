import { describe, expect, test } from '@jest/globals';
import type { Cursor } from '../src/index.ts';
import { NOW, countsOf, done, request, wait, type Scene } from './scene.ts';

export function describeCursor(scene: Scene): void {
  describe('the cursor', () => {
    test('of a partition that was never begun is null, and its counts are zero', async () => {
      const partition = scene.unused();
      expect(await scene.one.held(partition)).toBeNull();
      expect(await scene.one.counts(partition)).toEqual(
        countsOf({ waiting: 0, claimed: 0, handedOver: 0, oldestDueAtMs: null }),
      );
    });

    test('every call on a partition that was never begun is stale, holding nothing', async () => {
      const partition = scene.unused();
      const answers = await callAll(scene, partition, { incarnation: 'a', offset: 0 });
      expect(answers).toEqual(answers.map(() => ({ kind: 'stale', held: null })));
      expect(await scene.one.held(partition)).toBeNull();
    });

    test('is what reset was given, for every client', async () => {
      const partition = scene.unused();
      await scene.one.reset(partition, { incarnation: 'a', offset: 7 }, NOW + 5);
      expect(await scene.other.held(partition)).toEqual({ incarnation: 'a', offset: 7, appliedAtMs: NOW + 5 });
    });

    test('is moved by apply, also when there is nothing to apply', async () => {
      const { partition, at } = await scene.begin();
      expect(await scene.one.apply(partition, at, [], 12, NOW + 9)).toEqual(done);
      expect(await scene.other.held(partition)).toEqual({ ...at, offset: 12, appliedAtMs: NOW + 9 });
    });

    test.each<[string, (at: Cursor) => Cursor]>([
      ['another incarnation', (at) => ({ ...at, incarnation: 'another' })],
      ['a lower offset: a newer owner moved on', (at) => ({ ...at, offset: at.offset - 1 })],
      ['a higher offset: the store was rolled back', (at) => ({ ...at, offset: at.offset + 1 })],
    ])('fences every call that names %s', async (_, change) => {
      const { partition, at } = await scene.holding([wait('a', 0, 1, NOW), wait('b', 1, 1, NOW)]);
      const before = await scene.one.counts(partition);
      const answers = await callAll(scene, partition, change(at));
      expect(answers).toEqual(answers.map(() => ({ kind: 'stale', held: { ...at, appliedAtMs: NOW } })));
      expect(await scene.one.counts(partition)).toEqual(before);
      expect(await scene.one.held(partition)).toEqual({ ...at, appliedAtMs: NOW });
    });

    test('begun again fences those who knew the one before, and nothing of it is left', async () => {
      const { partition, at } = await scene.holding([wait('a', 0, 1, NOW), wait('b', 1, 1, NOW), wait('c', 2, 1, NOW)]);
      await scene.one.claim(partition, at, request({ limit: 2 }));
      await scene.one.markHandedOver(partition, at, [{ deliveryId: 'a', offset: 0, handedOverAt: 1 }]);
      await scene.one.hold(partition, at, ['wh_1', 'wh_2']);
      const again = { incarnation: 'again', offset: at.offset };
      await scene.other.reset(partition, again, NOW);
      expect(await scene.one.counts(partition)).toEqual(
        countsOf({ waiting: 0, claimed: 0, handedOver: 0, oldestDueAtMs: null }),
      );
      expect(await scene.one.claim(partition, at, request())).toEqual({
        kind: 'stale',
        held: { ...again, appliedAtMs: NOW },
      });
      expect(await scene.one.claim(partition, again, request({ nowMs: NOW + 9_999 }))).toEqual({
        kind: 'ok',
        value: { entries: [], nextAtMs: null },
      });
      expect(await scene.one.holds(partition, again)).toEqual({ kind: 'ok', value: [] });
      expect(await scene.one.answered(partition, again, 99, 9)).toEqual({ kind: 'ok', value: [] });
      // An attempt number held before means nothing now.
      await scene.one.apply(partition, again, [wait('a', 3, 0, NOW)], 4, NOW);
      expect(await scene.one.counts(partition)).toMatchObject({ waiting: 1 });
    });

    test('and the entries of one partition are not those of another', async () => {
      const first = await scene.holding([wait('same', 0, 1, NOW)]);
      const second = await scene.holding([wait('same', 0, 1, NOW), wait('more', 1, 1, NOW)]);
      await scene.one.claim(first.partition, first.at, request());
      expect(await scene.one.counts(first.partition)).toMatchObject({ waiting: 0, claimed: 1 });
      expect(await scene.one.counts(second.partition)).toMatchObject({ waiting: 2, claimed: 0 });
      await scene.one.reset(first.partition, first.at, NOW);
      expect(await scene.one.counts(second.partition)).toMatchObject({ waiting: 2, claimed: 0 });
    });
  });

  test('check resolves on a store that is set up well', async () => {
    await scene.one.check(5_000);
  });
}

function callAll({ one }: Scene, partition: number, at: Cursor): Promise<unknown[]> {
  const ref = { deliveryId: 'a', offset: 0 };
  return Promise.all([
    one.apply(partition, at, [wait('new', 5, 1, NOW)], 6, NOW + 1),
    one.apply(partition, at, [{ kind: 'settled', deliveryId: 'a', offset: 5 }], 6, NOW + 1),
    one.claim(partition, at, request()),
    one.claim(partition, at, request({ nowMs: 1 })),
    one.markHandedOver(partition, at, [{ ...ref, handedOverAt: 1 }]),
    one.answered(partition, at, 10, 10),
    one.putBack(partition, at, [ref], NOW),
    one.hold(partition, at, ['wh_1']),
    one.release(partition, at, ['wh_1']),
    one.holds(partition, at),
  ]);
}
