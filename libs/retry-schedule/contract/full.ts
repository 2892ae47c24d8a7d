import { describe, expect, test } from '@jest/globals';
import { NOW, done, entriesOf, idsOf, request, settled, valueOf, wait, type Scene } from './scene.ts';

export function describeFull(scene: Scene, fill: () => Promise<() => Promise<void>>): void {
  describe('above its bound', () => {
    test('a store takes nothing more, changes nothing, and everything else goes on', async () => {
      const { partition, at } = await scene.holding(
        ['a', 'b', 'c'].map((id, offset) => wait(id, offset, 1, NOW + offset)),
      );
      const relieve = await fill();
      try {
        const more = [settled('a', 3), wait('d', 4, 1, NOW)];
        expect(await scene.one.apply(partition, at, more, 5, NOW + 1)).toEqual({ kind: 'full' });
        expect(await scene.one.held(partition)).toEqual({ ...at, appliedAtMs: NOW });
        expect(await scene.one.counts(partition)).toMatchObject({ waiting: 3 });

        const later = NOW + 10;
        const claimed = entriesOf(
          await scene.one.claim(partition, at, request({ nowMs: later, limit: 2, claimMs: 5 })),
        );
        expect(idsOf(claimed)).toEqual(['a', 'b']);
        const again = entriesOf(await scene.one.claim(partition, at, request({ nowMs: later + 5, limit: 2 })));
        expect(again).toEqual(claimed);
        const mark = { deliveryId: 'a', offset: 0, handedOverAt: 1 };
        expect(valueOf(await scene.one.markHandedOver(partition, at, [mark]))).toBe(1);
        expect(valueOf(await scene.one.putBack(partition, at, [{ deliveryId: 'b', offset: 1 }], later))).toBe(1);
        expect(idsOf(valueOf(await scene.one.answered(partition, at, 9, 9)))).toEqual(['a']);

        // What only removes makes room.
        expect(await scene.one.apply(partition, at, [settled('a', 3)], 4, later)).toEqual(done);
        expect(await scene.one.counts(partition)).toMatchObject({ waiting: 2, handedOver: 0 });
        // Also without moving on, for entries whose next records are known to be further along.
        const here = { ...at, offset: 4 };
        expect(await scene.one.apply(partition, here, [settled('b', 1)], 4, later)).toEqual(done);
        expect(await scene.one.counts(partition)).toMatchObject({ waiting: 1 });
        // Nor does it need anything to remove.
        expect(await scene.one.apply(partition, here, [settled('unknown', 4)], 5, later)).toEqual(done);
        expect(await scene.one.held(partition)).toMatchObject({ offset: 5 });
        const begun = { incarnation: 'begun again', offset: 0 };
        await scene.one.reset(partition, begun, later);
        expect(await scene.one.held(partition)).toEqual({ ...begun, appliedAtMs: later });
      } finally {
        await relieve();
      }
      const begun = { incarnation: 'begun again', offset: 0 };
      expect(await scene.one.apply(partition, begun, [wait('d', 0, 1, NOW)], 1, NOW)).toEqual(done);
    });
  });
}
