import { describe, expect, test } from '@jest/globals';
import { NOW, PENDING_MS, WINDOW_MS, claimOf, claimed, doneWith, finishOf, pending, type Scene } from './scene.ts';

export function describeDeduplicationBounds(scene: Scene): void {
  describe('deduplication beyond `maxKeys`', () => {
    test('forgets the oldest first, and says how many', async () => {
      const { one, other, dropped } = await scene.begin({ maxKeys: 20 });
      for (let first = 0; first < 30; first += 5) {
        const keys = keysFrom(first, 5);
        const atMs = NOW + first;
        expect(
          await one.deduplication.claim(
            keys.map((key) => claimOf(key, 'a')),
            atMs,
          ),
        ).toEqual(keys.map(() => claimed));
        await one.deduplication.finish(
          keys.map((key) => finishOf(key, 'a')),
          atMs,
        );
      }
      expect(dropped()).toBe(10);
      const kept = keysFrom(10, 20).map((key) => claimOf(key, 'b'));
      expect(await other.deduplication.claim(kept, NOW + 50)).toEqual(kept.map(() => doneWith('a')));
      expect(dropped()).toBe(10);
      expect(await other.deduplication.claim([claimOf('key-9', 'b')], NOW + 51)).toEqual([claimed]);
      expect(dropped()).toBe(11);
      // Of those claimed at the same time any may be the first to go; with four more all five have gone.
      await other.deduplication.claim(
        keysFrom(50, 4).map((key) => claimOf(key, 'b')),
        NOW + 52,
      );
      const gone = keysFrom(10, 5).map((key) => claimOf(key, 'b'));
      expect(await other.deduplication.claim(gone, NOW + 53)).toEqual(gone.map(() => claimed));
      expect(dropped()).toBe(20);
    });

    test('a key claimed again after it ran out is as old as its latest claim', async () => {
      const { one } = await scene.begin({ maxKeys: 3 });
      await one.deduplication.claim([claimOf('again', 'a')], NOW);
      await one.deduplication.claim([claimOf('b', 'a')], NOW + 1);
      await one.deduplication.finish([finishOf('b', 'a')], NOW + 1);
      const later = NOW + PENDING_MS;
      await one.deduplication.claim([claimOf('again', 'b')], later);
      await one.deduplication.claim([claimOf('c', 'a')], later + 1);
      await one.deduplication.claim([claimOf('d', 'a')], later + 2);
      expect(await one.deduplication.claim([claimOf('again', 'c')], later + 3)).toEqual([pending]);
      expect(await one.deduplication.claim([claimOf('b', 'c')], later + 3)).toEqual([claimed]);
    });

    test('abandoned claims take no room, however many', async () => {
      const { one, dropped } = await scene.begin({ maxKeys: 10 });
      await one.deduplication.claim([claimOf('kept', 'a')], NOW);
      for (let round = 0; round < 50; round++) {
        const claims = ['x', 'y', 'z'].map((key) => claimOf(key, `${round}`));
        expect(await one.deduplication.claim(claims, NOW + round)).toEqual([claimed, claimed, claimed]);
        await one.deduplication.abandon(claims);
      }
      expect(dropped()).toBe(0);
      expect(await one.deduplication.claim([claimOf('kept', 'b')], NOW + 60)).toEqual([pending]);
    });

    test('what has run out makes room first, and was not dropped', async () => {
      const { one, dropped } = await scene.begin({ maxKeys: 50 });
      const first = keysFrom(0, 50);
      await one.deduplication.claim(
        first.map((key) => claimOf(key, 'a')),
        NOW,
      );
      await one.deduplication.finish(
        first.map((key) => finishOf(key, 'a')),
        NOW + 5,
      );
      for (let index = 0; index < 50; index += 10) {
        const keys = keysFrom(100 + index, 10);
        await one.deduplication.claim(
          keys.map((key) => claimOf(key, 'a')),
          NOW + WINDOW_MS + 5,
        );
      }
      expect(dropped()).toBe(0);
      const again = await one.deduplication.claim(
        [claimOf('key-100', 'b'), claimOf('key-0', 'b')],
        NOW + WINDOW_MS + 6,
      );
      expect(again).toEqual([pending, claimed]);
    });

    test('takes large batches', async () => {
      const { one, dropped } = await scene.begin({ maxKeys: 5_000 });
      for (let round = 0; round < 4; round++) {
        const keys = keysFrom(round * 2_000, 2_000);
        const answers = await one.deduplication.claim(
          keys.map((key) => claimOf(key, 'a')),
          NOW + round,
        );
        expect(answers.every(({ kind }) => kind === 'claimed')).toBe(true);
        await one.deduplication.finish(
          keys.map((key) => finishOf(key, 'a')),
          NOW + round,
        );
      }
      expect(dropped()).toBe(3_000);
    });
  });
}

function keysFrom(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `key-${first + index}`);
}
