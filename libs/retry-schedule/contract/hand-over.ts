import { describe, expect, test } from '@jest/globals';
import { NOW, countsOf, done, entriesOf, idsOf, request, valueOf, wait, type Scene } from './scene.ts';

export function describeHandOver(scene: Scene): void {
  describe('markHandedOver', () => {
    test('takes an entry out of all claims until its next record', async () => {
      const { partition, at } = await scene.holding([wait('a', 0, 1, NOW)]);
      await scene.one.claim(partition, at, request({ claimMs: 10 }));
      expect(await scene.one.markHandedOver(partition, at, [{ deliveryId: 'a', offset: 0, handedOverAt: 4 }])).toEqual({
        kind: 'ok',
        value: 1,
      });
      expect(await scene.one.counts(partition)).toEqual(
        countsOf({ waiting: 0, claimed: 0, handedOver: 1, oldestDueAtMs: null }),
      );
      expect(entriesOf(await scene.one.claim(partition, at, request({ nowMs: NOW + 999_999 })))).toEqual([]);
      expect(await scene.one.apply(partition, at, [wait('a', 1, 2, NOW + 60)], 2, NOW)).toEqual(done);
      expect(await scene.one.counts(partition)).toEqual(
        countsOf({
          waiting: 1,
          claimed: 0,
          handedOver: 0,
          oldestDueAtMs: NOW + 60,
        }),
      );
    });

    test('leaves a newer entry, and one that is gone, alone', async () => {
      const { partition, at } = await scene.holding([wait('a', 0, 1, NOW), wait('b', 1, 1, NOW)]);
      await scene.one.claim(partition, at, request());
      await scene.one.apply(
        partition,
        at,
        [wait('a', 2, 2, NOW), { kind: 'settled', deliveryId: 'b', offset: 3 }],
        4,
        NOW,
      );
      const marks = [
        { deliveryId: 'a', offset: 0, handedOverAt: 1 },
        { deliveryId: 'b', offset: 1, handedOverAt: 2 },
      ];
      expect(await scene.one.markHandedOver(partition, { ...at, offset: 4 }, marks)).toEqual({ kind: 'ok', value: 0 });
      expect(await scene.one.counts(partition)).toMatchObject({ waiting: 1, claimed: 0, handedOver: 0 });
    });

    test('also marks an entry whose claim ran out meanwhile, for it was appended', async () => {
      const { partition, at } = await scene.holding([wait('again', 0, 1, NOW), wait('waits', 1, 1, NOW)]);
      await scene.one.claim(partition, at, request({ claimMs: 10 }));
      await scene.other.claim(partition, at, request({ nowMs: NOW + 10, limit: 2 }));
      await scene.other.putBack(partition, at, [{ deliveryId: 'waits', offset: 1 }], NOW + 10);
      const marks = [
        { deliveryId: 'again', offset: 0, handedOverAt: 1 },
        { deliveryId: 'waits', offset: 1, handedOverAt: 2 },
      ];
      expect(valueOf(await scene.one.markHandedOver(partition, at, marks))).toBe(2);
      expect(await scene.one.counts(partition)).toMatchObject({ waiting: 0, claimed: 0, handedOver: 2 });
    });

    test('of an entry handed over twice the later place counts', async () => {
      const { partition, at } = await scene.holding([wait('a', 0, 1, NOW)]);
      const mark = (handedOverAt: number) =>
        scene.one.markHandedOver(partition, at, [{ deliveryId: 'a', offset: 0, handedOverAt }]);
      expect([valueOf(await mark(5)), valueOf(await mark(9)), valueOf(await mark(7))]).toEqual([1, 1, 1]);
      expect(valueOf(await scene.one.answered(partition, at, 9, 10))).toEqual([]);
      expect(valueOf(await scene.one.answered(partition, at, 10, 10))).toEqual([{ deliveryId: 'a', offset: 0 }]);
    });
  });

  describe('answered', () => {
    test('lists what was handed over below the committed offset, lowest first, at most `limit`', async () => {
      const ids = ['a', 'b', 'c', 'd', 'e'];
      const { partition, at } = await scene.holding(ids.map((id, offset) => wait(id, offset, 1, NOW)));
      await scene.one.claim(partition, at, request());
      const marks = ['b', 'd', 'a', 'c'].map((deliveryId, index) => ({
        deliveryId,
        offset: ids.indexOf(deliveryId),
        handedOverAt: 10 + index,
      }));
      await scene.one.markHandedOver(partition, at, marks);
      const answered = async (committed: number, limit: number) =>
        valueOf(await scene.one.answered(partition, at, committed, limit));
      expect(await answered(10, 10)).toEqual([]);
      expect(await answered(12, 10)).toEqual([
        { deliveryId: 'b', offset: 1 },
        { deliveryId: 'd', offset: 3 },
      ]);
      expect(idsOf(await answered(99, 3))).toEqual(['b', 'd', 'a']);
      // Listing takes nothing away.
      expect(idsOf(await answered(99, 10))).toEqual(['b', 'd', 'a', 'c']);
      await scene.one.putBack(partition, at, [{ deliveryId: 'd', offset: 3 }], NOW);
      expect(idsOf(await answered(99, 10))).toEqual(['b', 'a', 'c']);
    });
  });
}
