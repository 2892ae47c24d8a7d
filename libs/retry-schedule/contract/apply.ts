import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { ScheduleChange } from '../src/index.ts';
import { NOW, countsOf, done, entriesOf, idsOf, request, settled, wait, type Scene } from './scene.ts';

export function describeApply(scene: Scene): void {
  async function claimedAfter(changes: ScheduleChange[]): Promise<string[]> {
    const { partition, at } = await scene.holding(changes);
    const claimed = entriesOf(await scene.one.claim(partition, at, request({ nowMs: NOW + 1_000 })));
    return claimed.map(({ entry }) => entry.toString());
  }

  describe('apply', () => {
    test('gives back by claim what was applied, byte for byte', async () => {
      const entries = [Buffer.alloc(0), Buffer.from([0, 255, 10, 32]), randomBytes(900), randomBytes(70_000)];
      entries.push(Buffer.from(JSON.stringify({ text: 'grüße '.repeat(2_000) })));
      const changes = entries.map((entry, offset) => ({
        kind: 'wait' as const,
        deliveryId: `dlv ${offset} "ü"`,
        webhookId: `wh ${offset % 2} "ö"`,
        tenant: `tenant ${offset % 3} "ä"`,
        offset,
        attempt: offset,
        dueAtMs: NOW - 10 + offset,
        entry,
      }));
      const { partition, at } = await scene.holding(changes);
      const claimed = entriesOf(await scene.other.claim(partition, at, request()));
      const held = changes.map(({ kind: _kind, ...entry }) => ({ ...entry, excess: false }));
      expect(claimed.sort((a, b) => a.offset - b.offset)).toEqual(held);
    });

    test('a higher attempt replaces, an equal one too, a lower one is ignored', async () => {
      expect(await claimedAfter([wait('a', 0, 2, NOW), wait('a', 1, 3, NOW)])).toEqual(['a@1']);
      expect(await claimedAfter([wait('a', 0, 2, NOW), wait('a', 1, 2, NOW)])).toEqual(['a@1']);
      expect(await claimedAfter([wait('a', 0, 2, NOW), wait('a', 1, 1, NOW)])).toEqual(['a@0']);
      expect(await claimedAfter([wait('a', 0, 9, NOW), wait('a', 1, 10, NOW), wait('a', 2, 9, NOW)])).toEqual(['a@1']);
    });

    test('the same across calls', async () => {
      const { partition, at } = await scene.holding([wait('a', 0, 9, NOW), wait('b', 1, 9, NOW), wait('c', 2, 9, NOW)]);
      const changes = [wait('a', 3, 8, NOW), wait('b', 4, 9, NOW), wait('c', 5, 10, NOW)];
      expect(await scene.one.apply(partition, at, changes, 6, NOW)).toEqual(done);
      const claimed = entriesOf(await scene.one.claim(partition, { ...at, offset: 6 }, request()));
      expect(claimed.map(({ entry }) => entry.toString())).toEqual(['a@0', 'b@4', 'c@5']);
    });

    test('a replaced entry is due when the newer one says, earlier or later', async () => {
      const { partition, at } = await scene.holding([
        wait('later', 0, 1, NOW),
        wait('earlier', 1, 1, NOW + 500),
        wait('later', 2, 2, NOW + 500),
        wait('earlier', 3, 2, NOW),
      ]);
      expect(idsOf(entriesOf(await scene.one.claim(partition, at, request())))).toEqual(['earlier']);
      expect(await scene.one.counts(partition)).toMatchObject({ waiting: 1, oldestDueAtMs: NOW + 500 });
    });

    test('settled removes, whatever the state; of one not held it changes nothing', async () => {
      const ids = ['waiting', 'claimed', 'handed-over', 'untouched'];
      const { partition, at } = await scene.holding(ids.map((id, offset) => wait(id, offset, 1, NOW + offset)));
      await scene.one.claim(partition, at, request({ nowMs: NOW + 10, limit: 3 }));
      await scene.one.putBack(partition, at, [{ deliveryId: 'waiting', offset: 0 }], NOW);
      await scene.one.markHandedOver(partition, at, [{ deliveryId: 'handed-over', offset: 2, handedOverAt: 5 }]);
      expect(await scene.one.counts(partition)).toMatchObject({ waiting: 2, claimed: 1, handedOver: 1 });
      const changes = ['waiting', 'claimed', 'handed-over', 'never held'].map((id, index) => settled(id, 4 + index));
      expect(await scene.one.apply(partition, at, changes, 8, NOW)).toEqual(done);
      expect(await scene.one.counts(partition)).toEqual(
        countsOf({
          waiting: 1,
          claimed: 0,
          handedOver: 0,
          oldestDueAtMs: NOW + 3,
        }),
      );
    });

    test('takes the changes of one call in their order', async () => {
      expect(await claimedAfter([wait('a', 0, 5, NOW), settled('a', 1)])).toEqual([]);
      expect(await claimedAfter([settled('a', 0), wait('a', 1, 5, NOW)])).toEqual(['a@1']);
      // What was settled no longer outranks a lower attempt.
      expect(await claimedAfter([wait('a', 0, 5, NOW), settled('a', 1), wait('a', 2, 1, NOW)])).toEqual(['a@2']);
      expect(await claimedAfter([wait('a', 0, 5, NOW), wait('b', 1, 1, NOW), settled('b', 2)])).toEqual(['a@0']);
    });

    test('takes many changes in one call', async () => {
      const changes = Array.from({ length: 3_000 }, (_, offset) => wait(`dlv_${offset}`, offset, 1, NOW + offset, 200));
      const { partition } = await scene.holding(changes);
      expect(await scene.one.counts(partition)).toMatchObject({ waiting: 3_000, oldestDueAtMs: NOW });
    });
  });
}
