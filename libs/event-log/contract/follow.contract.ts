import { describe, expect, test } from '@jest/globals';
import type { EventLog } from '../src/index.ts';
import { deferred, eventually, numbered, text, textRecord, type Follower, type Scene } from './scene.ts';

export function describeFollow(scene: Scene): void {
  describe('follow', () => {
    test('every follower gets every record from the start, in order, and goes on', async () => {
      const [one, other] = [await scene.open(), await scene.open()];
      const topic = await scene.makeTopic(one);
      await one.append([...numbered(topic, 20, 0), ...numbered(topic, 20, 3)]);
      const followers = [await scene.follow(one, topic), await scene.follow(other, topic)];
      for (const follower of followers) await caughtUp(one, topic, follower);
      await one.append(numbered(topic, 5, 1));
      for (const follower of followers) {
        await caughtUp(one, topic, follower);
        expect(follower.records).toHaveLength(45);
        const partition3 = follower.records.filter((record) => record.partition === 3);
        expect(partition3.map(text)).toEqual(Array.from({ length: 20 }, (_, index) => String(index)));
      }
    });

    test('from named offsets it gets what came from there on', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      await log.append([...numbered(topic, 5, 0), ...numbered(topic, 3, 2)]);
      const follower = await scene.follow(log, topic, { from: [4, 0, 3, 0] });
      await caughtUp(log, topic, follower);
      expect(follower.records.map(({ partition, offset }) => [partition, offset])).toEqual([[0, 4]]);
      await log.append(numbered(topic, 1, 2));
      await caughtUp(log, topic, follower);
      expect(follower.records.map(({ partition, offset }) => [partition, offset])).toEqual([
        [0, 4],
        [2, 3],
      ]);
    });

    test('position is what `received` has resolved for', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      await log.append(numbered(topic, 3, 2));
      const gate = deferred();
      let called = false;
      const { following } = await scene.follow(log, topic, {
        async received() {
          called = true;
          await gate.promise;
        },
      });
      await eventually(() => expect(called).toBe(true));
      expect(following.position()).toEqual([0, 0, 0, 0]);
      gate.resolve();
      await eventually(() => expect(following.position()).toEqual([0, 0, 3, 0]));
    });

    test('a `received` that rejects ends it: onFailure once', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      await log.append(numbered(topic, 1));
      const follower = await scene.follow(log, topic, { received: () => Promise.reject(new Error('on purpose')) });
      await eventually(() => expect(follower.failures.map((error) => error.message)).toEqual(['on purpose']));
      await follower.following.close();
      await follower.following.close();
      expect(follower.failures).toHaveLength(1);
    });

    test('of a compacted topic it sees at least the last record of each key, and its position reaches the end', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log, { cleanup: 'compact' });
      for (let round = 0; round < 5; round++) {
        await log.append(keys(10).map((key) => textRecord(topic, `${key}.${round}`, { key })));
      }
      await log.append([{ topic, key: 'key-0', value: null }]);
      await scene.harness.compact?.(topic);
      const follower = await scene.follow(log, topic);
      await caughtUp(log, topic, follower);
      const last = new Map(follower.records.map((record) => [record.key, record.value && String(record.value)]));
      last.delete('key-0');
      expect(Object.fromEntries(last)).toEqual(
        Object.fromEntries(
          keys(10)
            .slice(1)
            .map((key) => [key, `${key}.4`]),
        ),
      );
      if (scene.harness.compact !== undefined) expect(follower.records.length).toBeLessThan(51);
    });
  });
}

function keys(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `key-${index}`);
}

async function caughtUp(log: EventLog, topic: string, { following }: Follower): Promise<void> {
  const ends = await log.endOffsets(topic);
  await eventually(() => expect(following.position()).toEqual(ends));
}
