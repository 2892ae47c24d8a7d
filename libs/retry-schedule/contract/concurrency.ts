import { describe, expect, test } from '@jest/globals';
import type { Cursor, RetrySchedule } from '../src/index.ts';
import { NOW, request, wait, type Scene } from './scene.ts';

export function describeConcurrency(scene: Scene): void {
  describe('under concurrency', () => {
    test('of many appliers at one cursor exactly one succeeds, the others learn what is held', async () => {
      const { partition, at } = await scene.begin();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? scene.one : scene.other).apply(partition, at, [wait(`from-${index}`, 0, 1, NOW)], 1, NOW),
        ),
      );
      expect(answers.filter(({ kind }) => kind === 'ok')).toHaveLength(1);
      const stale = answers.filter(({ kind }) => kind !== 'ok');
      expect(stale).toEqual(stale.map(() => ({ kind: 'stale', held: { ...at, offset: 1, appliedAtMs: NOW } })));
      expect(await scene.one.counts(partition)).toMatchObject({ waiting: 1 });
    });

    test('applying, claiming, marking and putting back at once loses no entry and doubles none', async () => {
      const { partition, at } = await scene.begin();
      const rounds = 40;
      const perRound = 10;
      let cursor = at;
      const applying = (async () => {
        for (let round = 0; round < rounds; round++) {
          const first = round * perRound;
          const changes = Array.from({ length: perRound }, (_, index) =>
            wait(`dlv_${first + index}`, first + index, 1, NOW),
          );
          const nextOffset = first + perRound;
          expect(await scene.one.apply(partition, cursor, changes, nextOffset, NOW)).toMatchObject({ kind: 'ok' });
          cursor = { ...cursor, offset: nextOffset };
        }
      })();
      const applied = new AbortController();
      const workers = [scene.one, scene.other, scene.one, scene.other].map(async (client) => {
        while (!applied.signal.aborted) await handSomeOver(client, partition, cursor);
      });
      await applying;
      applied.abort();
      await Promise.all(workers);

      const total = rounds * perRound;
      for (let counts = await scene.one.counts(partition); counts.handedOver < total;) {
        await handSomeOver(scene.one, partition, cursor);
        counts = await scene.one.counts(partition);
        expect(counts.waiting + counts.claimed + counts.handedOver).toBe(total);
      }
    });
  });
}

/** Claims some, puts the first one back, marks the rest. Where the cursor moves on meanwhile, claims are left behind: they end at once. */
async function handSomeOver(client: RetrySchedule, partition: number, at: Cursor): Promise<void> {
  const claim = await client.claim(partition, at, request({ limit: 7, claimMs: 0 }));
  if (claim.kind !== 'ok') return;
  const { entries } = claim.value;
  const [first, ...rest] = entries;
  if (first !== undefined && rest.length > 0) await client.putBack(partition, at, [first], NOW);
  const marks = rest.length > 0 ? rest : entries;
  await client.markHandedOver(
    partition,
    at,
    marks.map(({ deliveryId, offset }) => ({ deliveryId, offset, handedOverAt: offset })),
  );
}
