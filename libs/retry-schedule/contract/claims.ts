import { describe, expect, test } from '@jest/globals';
import { NOW, countsOf, entriesOf, idsOf, refOf, request, wait, type Scene } from './scene.ts';

export function describeClaims(scene: Scene): void {
  describe('claim', () => {
    test('takes what is due, earliest first, by delivery where the time is the same', async () => {
      const { partition, at } = await scene.holding([
        wait('c', 0, 1, NOW),
        wait('a', 1, 1, NOW - 5),
        wait('not yet', 2, 1, NOW + 1),
        wait('B', 3, 1, NOW),
        wait('d', 4, 1, NOW - 7),
      ]);
      expect(idsOf(entriesOf(await scene.one.claim(partition, at, request())))).toEqual(['d', 'a', 'B', 'c']);
      expect(await scene.one.counts(partition)).toEqual(
        countsOf({
          waiting: 1,
          claimed: 4,
          handedOver: 0,
          oldestDueAtMs: NOW + 1,
        }),
      );
    });

    test('takes at most `limit`, and each once', async () => {
      const ids = Array.from({ length: 25 }, (_, index) => `dlv_${100 + index}`);
      const { partition, at } = await scene.holding(ids.map((id, offset) => wait(id, offset, 1, NOW)));
      const batches = [];
      for (let round = 0; round < 4; round++) {
        batches.push(idsOf(entriesOf(await scene.one.claim(partition, at, request({ limit: 10 })))));
      }
      expect(batches.map(({ length }) => length)).toEqual([10, 10, 5, 0]);
      expect(batches.flat()).toEqual(ids);
    });

    test('takes at most `maxBytes` of entries as they were applied, but at least one', async () => {
      const { partition, at } = await scene.holding([
        wait('a', 0, 1, NOW + 0, 2_000),
        wait('b', 1, 1, NOW + 1, 2_000),
        wait('c', 2, 1, NOW + 2, 9_000),
        wait('d', 3, 1, NOW + 3, 100),
      ]);
      const take = async () =>
        idsOf(entriesOf(await scene.one.claim(partition, at, request({ nowMs: NOW + 10, maxBytes: 4_000 }))));
      expect(await take()).toEqual(['a', 'b']);
      // Nothing overtakes what doesn't fit.
      expect(await take()).toEqual(['c']);
      expect(await take()).toEqual(['d']);
    });

    test('holds for `claimMs`; then the entry waits again, due when it was', async () => {
      const { partition, at } = await scene.holding([wait('a', 0, 1, NOW - 50), wait('b', 1, 1, NOW)]);
      const first = entriesOf(await scene.one.claim(partition, at, request({ limit: 1, claimMs: 300 })));
      expect(idsOf(first)).toEqual(['a']);
      expect(idsOf(entriesOf(await scene.one.claim(partition, at, request({ nowMs: NOW + 299 }))))).toEqual(['b']);
      expect(entriesOf(await scene.one.claim(partition, at, request({ nowMs: NOW + 300 })))).toEqual(first);
    });

    test('keeps its length when very many claims ran out at once', async () => {
      const ids = Array.from({ length: 30 }, (_, index) => `dlv_${100 + index}`);
      const { partition, at } = await scene.holding(ids.map((id, offset) => wait(id, offset, 1, NOW)));
      await scene.one.claim(partition, at, request({ limit: 30, claimMs: 1 }));
      const batches = [];
      for (let round = 0; round < 4; round++) {
        batches.push(idsOf(entriesOf(await scene.one.claim(partition, at, request({ nowMs: NOW + 10, limit: 10 })))));
      }
      expect(batches.map(({ length }) => length)).toEqual([10, 10, 10, 0]);
      expect(batches.flat()).toEqual(ids);
    });

    test('lets each of many concurrent claims have its own', async () => {
      const ids = Array.from({ length: 400 }, (_, index) => `dlv_${1000 + index}`);
      const { partition, at } = await scene.holding(ids.map((id, offset) => wait(id, offset, 1, NOW)));
      const batches = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          (index % 2 === 0 ? scene.one : scene.other).claim(partition, at, request({ limit: 20 })),
        ),
      );
      const claimed = batches.flatMap((batch) => idsOf(entriesOf(batch)));
      expect(claimed).toHaveLength(400);
      expect(claimed.sort()).toEqual(ids);
    });

    test('a claimed entry that is replaced waits again as the newer one', async () => {
      const { partition, at } = await scene.holding([wait('a', 0, 1, NOW)]);
      await scene.one.claim(partition, at, request());
      await scene.one.apply(partition, at, [wait('a', 1, 2, NOW + 100)], 2, NOW);
      const now = { ...at, offset: 2 };
      expect(await scene.one.counts(partition)).toEqual(
        countsOf({
          waiting: 1,
          claimed: 0,
          handedOver: 0,
          oldestDueAtMs: NOW + 100,
        }),
      );
      const again = entriesOf(await scene.one.claim(partition, now, request({ nowMs: NOW + 100 })));
      expect(again.map(refOf)).toEqual([{ deliveryId: 'a', offset: 1 }]);
    });

    test('an ignored record leaves a claim alone', async () => {
      const { partition, at } = await scene.holding([wait('a', 0, 2, NOW)]);
      await scene.one.claim(partition, at, request());
      await scene.one.apply(partition, at, [wait('a', 1, 1, NOW)], 2, NOW);
      expect(await scene.one.counts(partition)).toMatchObject({ waiting: 0, claimed: 1 });
    });
  });

  describe('putBack', () => {
    test('lets claimed and handed-over entries wait again, due now; leaves others and newer ones alone', async () => {
      const ids = ['claimed', 'handed over', 'waiting', 'replaced', 'settled'];
      const { partition, at } = await scene.holding(
        ids.map((id, offset) => wait(id, offset, 1, NOW - 100 + offset, 2_000)),
      );
      await scene.one.claim(partition, at, request());
      await scene.one.markHandedOver(partition, at, [{ deliveryId: 'handed over', offset: 1, handedOverAt: 7 }]);
      const changes = [
        wait('waiting', 5, 2, NOW + 700),
        wait('replaced', 6, 2, NOW + 800),
        { kind: 'settled', deliveryId: 'settled', offset: 7 } as const,
      ];
      await scene.one.apply(partition, at, changes, 8, NOW);
      const now = { ...at, offset: 8 };
      const refs = [
        { deliveryId: 'claimed', offset: 0 },
        { deliveryId: 'handed over', offset: 1 },
        { deliveryId: 'waiting', offset: 5 },
        { deliveryId: 'replaced', offset: 3 },
        { deliveryId: 'settled', offset: 4 },
        { deliveryId: 'never held', offset: 1 },
      ];
      expect(await scene.one.putBack(partition, now, refs, NOW + 50)).toEqual({ kind: 'ok', value: 2 });
      expect(await scene.one.counts(partition)).toEqual(
        countsOf({
          waiting: 4,
          claimed: 0,
          handedOver: 0,
          oldestDueAtMs: NOW + 50,
        }),
      );
      const again = entriesOf(await scene.one.claim(partition, now, request({ nowMs: NOW + 50 })));
      expect(again.map(refOf)).toEqual(refs.slice(0, 2));
      expect(again.map(({ dueAtMs, attempt, entry }) => [dueAtMs, attempt, entry.length])).toEqual([
        [NOW + 50, 1, 2_000],
        [NOW + 50, 1, 2_000],
      ]);
    });
  });
}
