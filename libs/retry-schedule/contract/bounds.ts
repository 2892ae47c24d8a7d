import { describe, expect, test } from '@jest/globals';
import type { ScheduleBounds } from '../src/index.ts';
import { NOW, countsOf, done, entriesOf, idsOf, request, settled, valueOf, wait, type Scene } from './scene.ts';

const AMPLE = { deliveries: 1_000, bytes: 1_000_000 };

export function describeBounds(scene: Scene): void {
  let tests = 0;

  /** Two partitions of a client with these bounds, and owners that no other test has. */
  async function begin(bounds: Partial<ScheduleBounds>) {
    const client = await scene.bounded({ webhook: AMPLE, tenant: AMPLE, ...bounds });
    const name = tests++;
    const owner = (webhook = 'x') => ({ webhookId: `bounded-${name}-${webhook}`, tenant: `bounded-${name}` });
    const [one, other] = [await scene.begin(), await scene.begin()];
    return { client, owner, one, other };
  }

  describe('more than may wait', () => {
    test('of a webhook is excess: claimed at once, to be buried, the newest of it', async () => {
      const { client, owner, one } = await begin({ webhook: { deliveries: 3, bytes: 1_000_000 } });
      const changes = Array.from({ length: 5 }, (_, n) => wait(`dlv_${n}`, n, 1, NOW + 900 - n, 10, owner()));
      changes.push(wait('another', 5, 1, NOW + 900, 10, owner('y')));
      expect(await client.apply(one.partition, one.at, changes, 6, NOW)).toEqual(done);
      const now = { ...one.at, offset: 6 };
      expect(await client.counts(one.partition)).toEqual(countsOf({ waiting: 4, excess: 2, oldestDueAtMs: NOW + 898 }));
      expect(await client.backlog({ webhookId: owner().webhookId })).toEqual({ deliveries: 3, bytes: 30 });
      expect(await client.backlog({ tenant: owner().tenant })).toEqual({ deliveries: 4, bytes: 40 });

      const excess = entriesOf(await client.claim(one.partition, now, request()));
      expect(excess.map(({ deliveryId, excess: isExcess }) => [deliveryId, isExcess])).toEqual([
        ['dlv_3', true],
        ['dlv_4', true],
      ]);
      const marks = excess.map(({ deliveryId, offset }, index) => ({ deliveryId, offset, handedOverAt: index }));
      expect(valueOf(await client.markHandedOver(one.partition, now, marks))).toBe(2);
      await client.apply(one.partition, now, [settled('dlv_3', 6), settled('dlv_4', 7)], 8, NOW);
      expect(await client.counts(one.partition)).toMatchObject({ waiting: 4, excess: 0, claimed: 0, handedOver: 0 });
      expect(await client.backlog({ webhookId: owner().webhookId })).toEqual({ deliveries: 3, bytes: 30 });
    });

    test('counts over all partitions, in bytes as well as in deliveries, for a tenant as for a webhook', async () => {
      const { client, owner, one, other } = await begin({ tenant: { deliveries: 4, bytes: 1_000 } });
      const first = [wait('a', 0, 1, NOW + 9, 300, owner('x')), wait('b', 1, 1, NOW + 9, 300, owner('y'))];
      await client.apply(one.partition, one.at, first, 2, NOW);
      const second = [
        wait('c', 0, 1, NOW + 9, 401, owner('z')),
        wait('d', 1, 1, NOW + 9, 200, owner('z')),
        wait('e', 2, 1, NOW + 9, 200, owner('x')),
        wait('f', 3, 1, NOW + 9, 0, owner('x')),
      ];
      await client.apply(other.partition, other.at, second, 4, NOW);
      const now = { ...other.at, offset: 4 };
      expect(idsOf(entriesOf(await client.claim(other.partition, now, request())))).toEqual(['c', 'f']);
      expect(await client.backlog({ tenant: owner().tenant })).toEqual({ deliveries: 4, bytes: 1_000 });

      // A partition that is begun again has nothing.
      await client.reset(one.partition, { incarnation: 'again', offset: 0 }, NOW);
      expect(await client.backlog({ tenant: owner().tenant })).toEqual({ deliveries: 2, bytes: 400 });
    });

    test('never hits a delivery that waits already: its next record replaces it', async () => {
      const { client, owner, one } = await begin({ webhook: { deliveries: 1, bytes: 100 } });
      const changes = [wait('a', 0, 1, NOW, 60, owner()), wait('a', 1, 2, NOW, 500, owner())];
      await client.apply(one.partition, one.at, changes, 2, NOW);
      const [claimed] = entriesOf(await client.claim(one.partition, { ...one.at, offset: 2 }, request()));
      expect(claimed).toMatchObject({ deliveryId: 'a', offset: 1, excess: false });
      expect(await client.backlog({ webhookId: owner().webhookId })).toEqual({ deliveries: 1, bytes: 500 });
    });

    test('waits after all where there is room when its turn comes', async () => {
      const { client, owner, one } = await begin({ webhook: { deliveries: 2, bytes: 1_000 } });
      // As when an index is built again: what was settled long ago comes before its tombstone.
      const ids = ['a', 'b', 'c', 'd', 'e'];
      const waits = ids.map((id, offset) => wait(id, offset, 1, NOW + offset, 10, owner()));
      await client.apply(one.partition, one.at, waits, 5, NOW);
      expect(await client.counts(one.partition)).toMatchObject({ waiting: 2, excess: 3 });
      await client.apply(one.partition, { ...one.at, offset: 5 }, [settled('a', 5), settled('c', 6)], 7, NOW);
      const now = { ...one.at, offset: 7 };
      const claimed = entriesOf(await client.claim(one.partition, now, request({ nowMs: NOW + 9 })));
      expect(claimed.map(({ deliveryId, excess }) => [deliveryId, excess])).toEqual([
        ['e', true],
        ['b', false],
        ['d', false],
      ]);
    });

    test('is excess again when its claim ran out, or when it was put back', async () => {
      const { client, owner, one } = await begin({ webhook: { deliveries: 1, bytes: 1_000 } });
      const waits = ['a', 'b', 'c'].map((id, offset) => wait(id, offset, 1, NOW + 99_999, 10, owner()));
      await client.apply(one.partition, one.at, waits, 3, NOW);
      const now = { ...one.at, offset: 3 };
      const first = entriesOf(await client.claim(one.partition, now, request({ claimMs: 10 })));
      expect(idsOf(first)).toEqual(['b', 'c']);
      expect(entriesOf(await client.claim(one.partition, now, request({ nowMs: NOW + 10 })))).toEqual(first);
      await client.markHandedOver(one.partition, now, [{ deliveryId: 'b', offset: 1, handedOverAt: 1 }]);
      await client.putBack(one.partition, now, [{ deliveryId: 'b', offset: 1 }], NOW + 20);
      expect(await client.counts(one.partition)).toMatchObject({ waiting: 1, excess: 1, claimed: 1 });
      const again = entriesOf(await client.claim(one.partition, now, request({ nowMs: NOW + 20 })));
      expect(again).toMatchObject([{ deliveryId: 'b', excess: true }]);
    });
  });
}
