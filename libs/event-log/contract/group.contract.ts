import { describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, finish, numbered, text, textRecord, uniqueName, type Member, type Scene } from './scene.ts';

export function describeGroup(scene: Scene): void {
  describe('group', () => {
    test('members share the partitions; who leaves hands over, and nothing is lost on the way', async () => {
      const [one, other] = [await scene.open(), await scene.open()];
      const topic = await scene.makeTopic(one);
      const group = uniqueName('group');
      const first = await scene.join(one, { group, topics: [topic] });
      await eventually(() => expect(partitionsOf(first)).toEqual([0, 1, 2, 3]));
      const second = await scene.join(other, { group, topics: [topic] });
      await eventually(() => {
        expect(partitionsOf(first)).toHaveLength(2);
        expect([...partitionsOf(first), ...partitionsOf(second)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3]);
      });
      const lost = first.events.filter((event) => event.startsWith('lost'));
      expect(lost.length).toBeGreaterThanOrEqual(2);

      const everywhere = [0, 1, 2, 3].map((partition) => textRecord(topic, 'shared', { partition }));
      await one.append(everywhere);
      await eventually(() => {
        expect(first.records()).toHaveLength(2);
        expect(second.records()).toHaveLength(2);
      });

      await second.consumption.close();
      expect(second.events.filter((event) => event.startsWith('lost'))).toHaveLength(
        second.events.filter((event) => event.startsWith('assigned')).length,
      );
      await eventually(() => expect(partitionsOf(first)).toEqual([0, 1, 2, 3]));
      await one.append(everywhere);
      await eventually(() => expect(first.records()).toHaveLength(6));
      expect(await one.append(everywhere)).toHaveLength(4);
      await eventually(async () => expect(await one.committed(group, topic)).toEqual([3, 3, 3, 3]));
    });

    test('once a partition is lost its signal is aborted, and done() moves nothing for its new owner', async () => {
      const [one, other] = [await scene.open(), await scene.open()];
      const topic = await scene.makeTopic(one);
      const group = uniqueName('group');
      await one.append([0, 1, 2, 3].flatMap((partition) => numbered(topic, 3, partition)));
      const first = await scene.join(one, { group, topics: [topic], received: async () => {} });
      await eventually(() => expect(first.records()).toHaveLength(12));
      const held = first.batches.slice();
      const second = await scene.join(other, { group, topics: [topic], received: async () => {} });
      await eventually(() => {
        expect(partitionsOf(first)).toHaveLength(2);
        expect(partitionsOf(second)).toHaveLength(2);
        expect(second.records()).toHaveLength(6);
      });

      const moved = partitionsOf(second);
      for (const batch of held.filter(({ partition }) => moved.includes(partition))) {
        expect(batch.signal.aborted).toBe(true);
        await finish(batch);
      }
      await first.consumption.commit();
      const untouched = await one.committed(group, topic);
      for (const partition of moved) expect(untouched[partition] ?? 0).toBe(0);

      for (const batch of second.batches) await finish(batch);
      await second.consumption.commit();
      const committed = await one.committed(group, topic);
      for (const partition of moved) expect(committed[partition]).toBe(3);
    });

    test('a partition that comes back starts from the committed offset, with a signal of its own', async () => {
      const [one, other] = [await scene.open(), await scene.open()];
      const topic = await scene.makeTopic(one, { partitions: 2 });
      const group = uniqueName('group');
      await one.append([...numbered(topic, 4, 0), ...numbered(topic, 4, 1)]);
      const first = await scene.join(one, { group, topics: [topic], received: async () => {} });
      await eventually(() => expect(first.records()).toHaveLength(8));
      const second = await scene.join(other, {
        group,
        topics: [topic],
        async received(batch) {
          for (const { offset } of batch.records) if (offset < 3) batch.done(offset);
        },
      });
      await eventually(() => expect(second.records().length).toBeGreaterThanOrEqual(4));
      const moved = partitionsOf(second)[0]!;
      await second.consumption.commit();
      await second.consumption.close();
      await eventually(() => {
        const again = first.batches.filter((batch) => batch.partition === moved && !batch.signal.aborted);
        expect(again.flatMap((batch) => batch.records).map(text)).toEqual(['3']);
      });
      for (const batch of first.batches) await finish(batch);
      await first.consumption.commit();
      expect(await one.committed(group, topic)).toEqual([4, 4]);
    });

    test('a handler that takes longer than the session timeout keeps its membership', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const sessionTimeoutMs = scene.harness.shortestSessionMs;
      await log.append([0, 1, 2, 3].flatMap((partition) => numbered(topic, 1, partition)));
      const member = await scene.join(log, {
        group: uniqueName('group'),
        topics: [topic],
        sessionTimeoutMs,
        async received(batch) {
          await delay(sessionTimeoutMs * 1.3);
          await finish(batch);
        },
      });
      await delay(sessionTimeoutMs * 1.6);
      expect(member.records()).toHaveLength(4);
      expect(member.events.filter((event) => event.startsWith('lost'))).toEqual([]);
      expect(member.batches.some((batch) => batch.signal.aborted)).toBe(false);
    });
  });
}

function partitionsOf(member: Member): number[] {
  return member.consumption
    .assignment()
    .map(({ partition }) => partition)
    .sort((a, b) => a - b);
}
