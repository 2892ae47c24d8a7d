import { describe, expect, test } from '@jest/globals';
import { HELD_MS } from '../src/index.ts';
import { NOW, countsOf, done, entriesOf, idsOf, request, valueOf, wait, type Scene } from './scene.ts';

export function describeHolds(scene: Scene): void {
  const of = (webhookId: string) => ({ webhookId });

  describe('hold', () => {
    test('keeps what waits of a webhook, and what comes, from being claimed until it is released', async () => {
      const { partition, at } = await scene.holding([
        wait('a', 0, 1, NOW, 0, of('paused')),
        wait('b', 1, 1, NOW, 0, of('other')),
      ]);
      expect(await scene.one.hold(partition, at, ['paused', 'unknown'])).toEqual(done);
      await scene.one.apply(partition, at, [wait('c', 2, 1, NOW - 9, 0, of('paused'))], 3, NOW);
      const now = { ...at, offset: 3 };
      expect(await scene.other.counts(partition)).toEqual(countsOf({ waiting: 1, held: 2, oldestDueAtMs: NOW }));
      expect(valueOf(await scene.other.holds(partition, now)).sort()).toEqual(['paused', 'unknown']);
      expect(idsOf(entriesOf(await scene.other.claim(partition, now, request())))).toEqual(['b']);

      expect(await scene.other.release(partition, now, ['paused', 'never held'])).toEqual(done);
      expect(valueOf(await scene.one.holds(partition, now))).toEqual(['unknown']);
      expect(idsOf(entriesOf(await scene.one.claim(partition, now, request())))).toEqual(['c', 'a']);
    });

    test('lets go what has been due for very long: its age is bounded', async () => {
      const { partition, at } = await scene.holding([wait('a', 0, 1, NOW - 5), wait('b', 1, 1, NOW)]);
      await scene.one.hold(partition, at, ['wh_1']);
      const nowMs = NOW + HELD_MS;
      const none = await scene.one.claim(partition, at, request({ nowMs: nowMs - 6 }));
      expect(valueOf(none)).toEqual({ entries: [], nextAtMs: nowMs - 5 });
      expect(idsOf(entriesOf(await scene.one.claim(partition, at, request({ nowMs: nowMs - 1 }))))).toEqual(['a']);
      expect(idsOf(entriesOf(await scene.one.claim(partition, at, request({ nowMs }))))).toEqual(['b']);
    });

    test('takes a webhook out of the line, and leaves claims alone', async () => {
      const { partition, at } = await scene.holding(
        Array.from({ length: 5 }, (_, offset) => wait(`dlv_${offset}`, offset, 1, NOW)),
      );
      expect(entriesOf(await scene.one.claim(partition, at, request({ limit: 2 })))).toHaveLength(2);
      await scene.one.hold(partition, at, ['wh_1']);
      expect(entriesOf(await scene.one.claim(partition, at, request()))).toEqual([]);
      expect(await scene.one.counts(partition)).toEqual(countsOf({ held: 3, claimed: 2 }));
      const marks = [{ deliveryId: 'dlv_0', offset: 0, handedOverAt: 1 }];
      expect(await scene.one.markHandedOver(partition, at, marks)).toEqual({ kind: 'ok', value: 1 });
      await scene.one.putBack(partition, at, [{ deliveryId: 'dlv_1', offset: 1 }], NOW);
      expect(await scene.one.counts(partition)).toEqual(countsOf({ held: 4, handedOver: 1 }));
    });
  });

  describe('of several webhooks', () => {
    const backlog = (webhookId: string, count: number, dueAtMs: number, from: number) =>
      Array.from({ length: count }, (_, n) => wait(`${webhookId}-${n}`, from + n, 1, dueAtMs + n, 0, of(webhookId)));

    test('each gives its share in turn, so that a large backlog holds up nobody', async () => {
      const { partition, at } = await scene.holding([
        ...backlog('large', 50, NOW - 1_000, 0),
        ...backlog('small', 2, NOW - 5, 50),
        ...backlog('third', 7, NOW - 10, 52),
      ]);
      const take = async () => {
        const { entries, nextAtMs } = valueOf(
          await scene.one.claim(partition, at, request({ limit: 8, perWebhook: 4 })),
        );
        return { ids: idsOf(entries), more: nextAtMs === NOW };
      };
      expect(await take()).toEqual({
        ids: ['large-0', 'large-1', 'large-2', 'large-3', 'third-0', 'third-1', 'third-2', 'third-3'],
        more: true,
      });
      expect(await take()).toEqual({
        ids: ['small-0', 'small-1', 'large-4', 'large-5', 'large-6', 'large-7', 'third-4', 'third-5'],
        more: true,
      });
      // Whoever comes to be due meanwhile stands behind those in line, however long theirs have been due.
      await scene.one.apply(partition, at, backlog('new', 1, NOW - 9_000, 60), 60, NOW);
      const now = { ...at, offset: 60 };
      const next = valueOf(await scene.one.claim(partition, now, request({ limit: 8, perWebhook: 4 })));
      expect(idsOf(next.entries)).toEqual(['large-8', 'large-9', 'large-10', 'large-11', 'third-6', 'new-0']);
    });

    test('says when the next one is due', async () => {
      const { partition, at } = await scene.holding([
        ...backlog('a', 1, NOW + 700, 0),
        ...backlog('b', 1, NOW + 500, 1),
        ...backlog('c', 2, NOW, 2),
      ]);
      const next = async (nowMs: number) =>
        valueOf(await scene.one.claim(partition, at, request({ nowMs, claimMs: 1_000 }))).nextAtMs! - NOW;
      expect(await next(NOW)).toBe(1);
      expect(await next(NOW + 1)).toBe(500);
      expect(await next(NOW + 500)).toBe(700);
      // The first claim's end.
      expect(await next(NOW + 700)).toBe(1_000);
    });
  });
}
