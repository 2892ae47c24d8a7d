import { describe, expect, test } from '@jest/globals';
import type { ClaimAnswer } from '../src/index.ts';
import {
  NOW,
  PENDING_MS,
  WINDOW_MS,
  claimOf,
  claimed,
  createDice,
  doneWith,
  finishOf,
  pending,
  type Scene,
} from './scene.ts';

export function describeDeduplication(scene: Scene): void {
  describe('deduplication', () => {
    test('a key is claimed once, pending for everyone else, and done once finished', async () => {
      const { one, other } = await scene.begin();
      const claim = [claimOf('key', 'first')];
      expect(await one.deduplication.claim(claim, NOW)).toEqual([claimed]);
      expect(await other.deduplication.claim([claimOf('key', 'second')], NOW + 1)).toEqual([pending]);
      // Nor is it given to the same token again.
      expect(await one.deduplication.claim(claim, NOW + 1)).toEqual([pending]);
      await one.deduplication.finish([finishOf('key', 'first')], NOW + 2);
      expect(await other.deduplication.claim([claimOf('key', 'third')], NOW + 3)).toEqual([doneWith('first')]);
    });

    test('answers come in the order of the claims; a key named twice is pending the second time', async () => {
      const { one, other } = await scene.begin();
      await one.deduplication.claim([claimOf('done', 'a'), claimOf('pending', 'a')], NOW);
      await one.deduplication.finish([finishOf('done', 'a')], NOW);
      const keys = ['new', 'done', 'pending', 'new', 'newer', 'done', 'newest'];
      const answers = await other.deduplication.claim(
        keys.map((key) => claimOf(key, 'b')),
        NOW + 1,
      );
      expect(answers).toEqual([claimed, doneWith('a'), pending, pending, claimed, doneWith('a'), claimed]);
    });

    test('no claims, no answers', async () => {
      const { one } = await scene.begin();
      expect(await one.deduplication.claim([], NOW)).toEqual([]);
      await one.deduplication.finish([], NOW);
      await one.deduplication.abandon([]);
    });

    test('keys, tokens and answers of any kind come back as they were', async () => {
      const { one, other } = await scene.begin();
      const texts = ['', ' ', '|', 'a|b|c', 'ü\n"\'\\', 'P|9|9|x', 'long'.repeat(3_000), '{"id":"evt_1"}'];
      const keys = texts.map((text) => `key ${text}`);
      await one.deduplication.claim(
        keys.map((key, index) => claimOf(key, texts[index]!)),
        NOW,
      );
      const finished = keys.map((key, index) => ({
        key,
        token: texts[index]!,
        bodyHash: index % 2 === 0 ? 'ab12' : '+/=|',
        answer: texts[index]!,
      }));
      await one.deduplication.finish(finished, NOW);
      expect(
        await other.deduplication.claim(
          keys.map((key) => claimOf(key, 'other')),
          NOW,
        ),
      ).toEqual(finished.map(({ bodyHash, answer }) => ({ kind: 'done', bodyHash, answer })));
    });

    test('a claim runs out after `pendingMs`; whoever takes it then is safe from the one before', async () => {
      const { one, other } = await scene.begin();
      await one.deduplication.claim([claimOf('key', 'first')], NOW);
      expect(await other.deduplication.claim([claimOf('key', 'second')], NOW + PENDING_MS - 1)).toEqual([pending]);
      expect(await other.deduplication.claim([claimOf('key', 'second')], NOW + PENDING_MS)).toEqual([claimed]);
      const later = NOW + PENDING_MS + 1;
      await one.deduplication.abandon([claimOf('key', 'first')]);
      await one.deduplication.finish([finishOf('key', 'first')], later);
      expect(await one.deduplication.claim([claimOf('key', 'third')], later)).toEqual([pending]);
      await other.deduplication.finish([finishOf('key', 'second')], later);
      expect(await one.deduplication.claim([claimOf('key', 'third')], later)).toEqual([doneWith('second')]);
    });

    test('a claim that ran out and nobody took is still made done, and so is one that was forgotten', async () => {
      const { one, other } = await scene.begin();
      await one.deduplication.claim([claimOf('late', 'a')], NOW);
      const later = NOW + 2 * PENDING_MS;
      await one.deduplication.finish([finishOf('late', 'a'), finishOf('forgotten', 'b')], later);
      const claims = [claimOf('late', 'c'), claimOf('forgotten', 'c')];
      expect(await other.deduplication.claim(claims, later)).toEqual([doneWith('a'), doneWith('b')]);
    });

    test('what is done stays as it is for `windowMs` after it was finished', async () => {
      const { one, other } = await scene.begin();
      await one.deduplication.claim([claimOf('key', 'a')], NOW);
      await one.deduplication.finish([finishOf('key', 'a')], NOW + 500);
      await one.deduplication.finish([finishOf('key', 'b')], NOW + 600);
      await one.deduplication.finish([finishOf('key', 'a')], NOW + 700);
      await one.deduplication.abandon([claimOf('key', 'a')]);
      const claim = [claimOf('key', 'c')];
      expect(await other.deduplication.claim(claim, NOW + 500 + WINDOW_MS - 1)).toEqual([doneWith('a')]);
      expect(await other.deduplication.claim(claim, NOW + 500 + WINDOW_MS)).toEqual([claimed]);
    });

    test('an abandoned claim is free at once', async () => {
      const { one, other } = await scene.begin();
      await one.deduplication.claim([claimOf('a', '1'), claimOf('b', '2'), claimOf('c', '3')], NOW);
      await one.deduplication.abandon([claimOf('b', '2'), claimOf('c', 'not mine'), claimOf('never claimed', '9')]);
      const again = ['a', 'b', 'c'].map((key) => claimOf(key, '4'));
      expect(await other.deduplication.claim(again, NOW)).toEqual([pending, claimed, pending]);
    });

    test('of many concurrent claims of the same keys, in any order, each key goes to one', async () => {
      const { one, other } = await scene.begin();
      const keys = Array.from({ length: 200 }, (_, index) => `key-${index}`);
      const batches = await Promise.all(
        Array.from({ length: 16 }, (_, index) => {
          const order = index % 3 === 0 ? keys.toReversed() : keys.slice(index).concat(keys.slice(0, index));
          const claims = order.map((key) => claimOf(key, `token-${index}`));
          return (index % 2 === 0 ? one : other).deduplication
            .claim(claims, NOW)
            .then((answers) => claims.filter((_claim, at) => answers[at]?.kind === 'claimed').map(({ key }) => key));
        }),
      );
      expect(batches.flat().sort()).toEqual(keys.toSorted());
    });

    test('concurrent claims, finishes and abandons of overlapping keys all succeed', async () => {
      const { one, other } = await scene.begin();
      const keys = Array.from({ length: 60 }, (_, index) => `key-${index}`);
      await Promise.all(
        Array.from({ length: 24 }, async (_, index) => {
          const { deduplication } = index % 2 === 0 ? one : other;
          const order = index % 3 === 0 ? keys.toReversed() : keys;
          await deduplication.claim(
            order.map((key) => claimOf(key, `token-${index}`)),
            NOW,
          );
          await deduplication.abandon(order.toReversed().map((key) => claimOf(key, `token-${index}`)));
          await deduplication.finish(
            order.toReversed().map((key) => finishOf(key, `token-${index}`)),
            NOW,
          );
        }),
      );
      const answers = await one.deduplication.claim(
        keys.map((key) => claimOf(key, 'last')),
        NOW,
      );
      expect(answers.every(({ kind }) => kind === 'done')).toBe(true);
    });

    test.each([1, 2, 3])('a random run gives what a simple model gives (seed %i)', async (seed) => {
      const { one, other } = await scene.begin({ pendingMs: 100, windowMs: 1_000 });
      const dice = createDice(seed);
      const model = createModel(100, 1_000);
      let nowMs = NOW;
      for (let step = 0; step < 300; step++) {
        nowMs += dice(40);
        const { deduplication } = dice(2) === 0 ? one : other;
        const batch = Array.from({ length: 1 + dice(4) }, () => [`key-${dice(15)}`, `token-${dice(3)}`] as const);
        if (dice(2) === 0) {
          const claims = batch.map(([key, token]) => claimOf(key, token));
          expect({ step, answers: await deduplication.claim(claims, nowMs) }).toEqual({
            step,
            answers: claims.map(({ key, token }) => model.claim(key, token, nowMs)),
          });
        } else if (dice(3) > 0) {
          await deduplication.finish(
            batch.map(([key, token]) => finishOf(key, token)),
            nowMs,
          );
          for (const [key, token] of batch) model.finish(key, token, nowMs);
        } else {
          await deduplication.abandon(batch.map(([key, token]) => claimOf(key, token)));
          for (const [key, token] of batch) model.abandon(key, token);
        }
      }
    });
  });

  test('ping resolves', async () => {
    const { one } = await scene.begin();
    await one.ping(5_000);
  });
}

/** The port said once more, key by key. */
function createModel(pendingMs: number, windowMs: number) {
  const held = new Map<string, { token: string; isDone: boolean; untilMs: number }>();
  return {
    claim(key: string, token: string, nowMs: number): ClaimAnswer {
      const current = held.get(key);
      if (current !== undefined && current.untilMs > nowMs) return current.isDone ? doneWith(current.token) : pending;
      held.set(key, { token, isDone: false, untilMs: nowMs + pendingMs });
      return claimed;
    },
    finish(key: string, token: string, nowMs: number): void {
      const current = held.get(key);
      const isHeld = current !== undefined && current.untilMs > nowMs;
      if (isHeld && (current.isDone || current.token !== token)) return;
      held.set(key, { token, isDone: true, untilMs: nowMs + windowMs });
    },
    abandon(key: string, token: string): void {
      const current = held.get(key);
      if (current !== undefined && !current.isDone && current.token === token) held.delete(key);
    },
  };
}
