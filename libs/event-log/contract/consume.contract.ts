import { describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import type { RecordBatch } from '../src/index.ts';
import { deferred, eventually, finish, numbered, text, textRecord, uniqueName, type Scene } from './scene.ts';

export function describeConsume(scene: Scene): void {
  describe('consume', () => {
    test('a new group reads from the earliest record, each partition in order, and goes on with what comes', async () => {
      const log = await scene.open();
      const topics = [await scene.makeTopic(log), await scene.makeTopic(log)];
      await log.append(topics.flatMap((topic) => [...numbered(topic, 30, 0), ...numbered(topic, 30, 2)]));
      const member = await scene.join(log, { group: uniqueName('group'), topics });
      await eventually(() => expect(member.records()).toHaveLength(120));
      await log.append(topics.map((topic) => textRecord(topic, '30', { partition: 0 })));
      await eventually(() => expect(member.records()).toHaveLength(122));
      for (const topic of topics) {
        const texts = member.records().filter((record) => record.topic === topic && record.partition === 0);
        expect(texts.map(text)).toEqual(Array.from({ length: 31 }, (_, index) => String(index)));
      }
      expect(member.consumption.assignment()).toHaveLength(8);
      expect(member.events.filter((event) => event.startsWith('assigned'))).toHaveLength(8);
    });

    test('a batch holds records of one partition, at most so many, and the next waits for the handler', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      await log.append([...numbered(topic, 45, 0), ...numbered(topic, 45, 1)]);
      let [running, most] = [0, 0];
      const member = await scene.join(log, {
        group: uniqueName('group'),
        topics: [topic],
        maxBatchRecords: 10,
        async received(batch) {
          if (batch.partition === 0) most = Math.max(most, ++running);
          await delay(5);
          if (batch.partition === 0) running--;
          await finish(batch);
        },
      });
      await eventually(() => expect(member.records()).toHaveLength(90));
      for (const batch of member.batches) {
        expect(batch.records.length).toBeLessThanOrEqual(10);
        expect(batch.records.every((record) => record.partition === batch.partition)).toBe(true);
      }
      expect(most).toBe(1);
    });

    test('partitions do not wait for each other', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const gate = deferred();
      await log.append(numbered(topic, 1, 0));
      const member = await scene.join(log, {
        group: uniqueName('group'),
        topics: [topic],
        received: async (batch) => (batch.partition === 0 ? gate.promise : finish(batch)),
      });
      await eventually(() => expect(member.batches).toHaveLength(1));
      for (let round = 1; round <= 3; round++) {
        await log.append([...numbered(topic, 1, 1), ...numbered(topic, 1, 2), ...numbered(topic, 1, 0)]);
        await eventually(() => expect(member.records()).toHaveLength(1 + round * 2));
      }
      gate.resolve();
      await eventually(() => expect(member.records()).toHaveLength(10));
    });

    test('what is done in any order is committed up to the lowest that is not', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const group = uniqueName('group');
      await log.append(numbered(topic, 20));
      const member = await scene.join(log, { group, topics: [topic], received: async () => {} });
      await eventually(() => expect(member.records()).toHaveLength(20));
      const batch = member.batches.at(-1)!;
      for (const offset of [9, 4, 3, 1, 2]) batch.done(offset);
      await member.consumption.commit();
      expect((await log.committed(group, topic))[0] ?? 0).toBe(0);
      batch.done(0);
      await eventually(async () => expect((await log.committed(group, topic))[0]).toBe(5), 1_500);
      for (const offset of [5, 6, 7, 8]) batch.done(offset);
      await member.consumption.commit();
      expect(await log.committed(group, topic)).toEqual([10, null, null, null]);
    });

    test('the next member goes on from what was committed: close commits, what was not done comes again, and nothing else', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const group = uniqueName('group');
      await log.append(numbered(topic, 10));
      const first = await scene.join(log, { group, topics: [topic], received: async () => {} });
      await eventually(() => expect(first.records()).toHaveLength(10));
      for (const offset of [0, 1, 2, 3, 5]) first.batches[0]!.done(offset);
      await first.consumption.close();
      await first.consumption.close();
      expect(first.events.filter((event) => event === 'lost 0')).toHaveLength(1);
      expect((await log.committed(group, topic))[0]).toBe(4);
      const second = await scene.join(log, { group, topics: [topic] });
      await eventually(() => expect(second.records().map(text)).toEqual(['4', '6', '7', '8', '9']));
      await eventually(async () => expect((await log.committed(group, topic))[0]).toBe(10));
    });

    test('a group without members is rewound to a time: what came since comes again, and a partition that is behind stays', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const group = uniqueName('group');
      await log.append([...numbered(topic, 5, 0), ...numbered(topic, 5, 1)]);
      await delay(20);
      const timeMs = Date.now();
      await delay(20);
      await log.append(numbered(topic, 5, 0));
      const behind = async (batch: RecordBatch) => {
        for (const { offset } of batch.records) if (batch.partition === 0 || offset < 2) batch.done(offset);
      };
      const first = await scene.join(log, { group, topics: [topic], received: behind });
      await eventually(() => expect(first.records()).toHaveLength(15));
      await first.consumption.commit();
      await first.consumption.close();
      expect(await log.committed(group, topic)).toEqual([10, 2, null, null]);
      await eventually(() => log.rewind(group, topic, timeMs));
      expect(await log.committed(group, topic)).toEqual([5, 2, null, null]);
      const second = await scene.join(log, { group, topics: [topic] });
      await eventually(() => expect(second.records()).toHaveLength(8));
      expect(
        second
          .records()
          .filter(({ partition }) => partition === 0)
          .map(({ offset }) => offset),
      ).toEqual([5, 6, 7, 8, 9]);
    });

    test('what is done far above the committed offset is not read again, by whichever member comes next', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const group = uniqueName('group');
      await log.append(numbered(topic, 1_000));
      const open = new Set([0, 7, 8, 600, 999]);
      const leave = async (batch: RecordBatch) => {
        for (const { offset } of batch.records) if (!open.has(offset)) batch.done(offset);
      };
      const first = await scene.join(log, { group, topics: [topic], received: leave });
      await eventually(() => expect(first.records()).toHaveLength(1_000));
      await first.consumption.close();
      expect((await log.committed(group, topic))[0] ?? 0).toBe(0);

      open.delete(0);
      open.delete(600);
      const second = await scene.join(log, { group, topics: [topic], received: leave });
      await eventually(() => expect(second.records().map(text)).toEqual(['0', '7', '8', '600', '999']));
      await second.consumption.close();
      expect((await log.committed(group, topic))[0]).toBe(7);

      const third = await scene.join(log, { group, topics: [topic] });
      await eventually(() => expect(third.records().map(text)).toEqual(['7', '8', '999']));
      await eventually(async () => expect((await log.committed(group, topic))[0]).toBe(1_000));
    });

    test('from an offset that `assigned` names everything comes, done or not', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const group = uniqueName('group');
      await log.append(numbered(topic, 6));
      const first = await scene.join(log, { group, topics: [topic], received: async () => {} });
      await eventually(() => expect(first.records()).toHaveLength(6));
      for (const offset of [0, 3]) first.batches[0]!.done(offset);
      await first.consumption.close();
      const second = await scene.join(log, { group, topics: [topic], assigned: async () => 1 });
      await eventually(() => expect(second.records().map(text)).toEqual(['1', '2', '3', '4', '5']));
    });

    test('`assigned` names where to start; nothing comes before it has answered', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const group = uniqueName('group');
      await log.append([0, 1, 2].flatMap((partition) => numbered(topic, 10, partition)));
      const before = await scene.join(log, { group, topics: [topic] });
      await eventually(async () => expect(await log.committed(group, topic)).toEqual([10, 10, 10, null]));
      await before.consumption.close();

      // 0: below the committed offset; 1: at the end, where nothing is yet; 2: the committed one; 3: an empty partition's start.
      const starts = [3, 10, undefined, 0];
      const gate = deferred();
      const after = await scene.join(log, {
        group,
        topics: [topic],
        async assigned({ partition }) {
          if (partition === 0) await gate.promise;
          return starts[partition];
        },
      });
      await log.append([0, 1, 2, 3].map((partition) => textRecord(topic, 'new', { partition })));
      const of = (partition: number) =>
        after
          .records()
          .filter((record) => record.partition === partition)
          .map(text);
      await eventually(() => expect([of(1), of(2), of(3)]).toEqual([['new'], ['new'], ['new']]));
      expect(of(0)).toEqual([]);
      gate.resolve();
      await eventually(() => expect(of(0)).toEqual(['3', '4', '5', '6', '7', '8', '9', 'new']));
      await eventually(async () => expect(await log.committed(group, topic)).toEqual([11, 11, 11, 1]));
    });

    test('what is not done is known, with the time of the oldest: what is handled, what waits for the handler, what is done in between', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const gate = deferred();
      await log.append(numbered(topic, 20));
      const member = await scene.join(log, {
        group: uniqueName('group'),
        topics: [topic],
        maxBatchRecords: 10,
        received: () => gate.promise,
      });
      const backlog = () => member.consumption.backlog().find(({ partition }) => partition === 0)!;
      await eventually(() => expect(member.records()).toHaveLength(10));
      const [batch] = member.batches;
      const timeOf = (offset: number) => batch!.records[offset]!.timestampMs;
      expect(backlog()).toEqual({ topic, partition: 0, records: 20, oldestAtMs: timeOf(0) });
      for (const offset of [0, 1, 3]) batch!.done(offset);
      expect(backlog()).toEqual({ topic, partition: 0, records: 17, oldestAtMs: timeOf(2) });
      gate.resolve();
      await eventually(() => expect(member.records()).toHaveLength(20));
      for (const each of member.batches) await finish(each);
      expect(backlog()).toEqual({ topic, partition: 0, records: 0, oldestAtMs: null });
      expect(member.consumption.backlog()).toHaveLength(4);
    });

    test('stopIntake lets no further batch in, and what gets done is still committed', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const group = uniqueName('group');
      await log.append(numbered(topic, 5));
      const member = await scene.join(log, { group, topics: [topic], received: async () => {} });
      await eventually(() => expect(member.records()).toHaveLength(5));
      member.consumption.stopIntake();
      member.consumption.stopIntake();
      await log.append(numbered(topic, 5));
      await delay(700);
      expect(member.records()).toHaveLength(5);
      expect(member.consumption.assignment()).toHaveLength(4);
      expect(member.events.some((event) => event.startsWith('lost'))).toBe(false);
      await finish(member.batches[0]!);
      await eventually(async () => expect((await log.committed(group, topic))[0]).toBe(5), 1_500);
    });

    test('close aborts the signal, waits for the handler and commits what it did until then', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const group = uniqueName('group');
      await log.append(numbered(topic, 3));
      let ended = false;
      const member = await scene.join(log, {
        group,
        topics: [topic],
        async received(batch) {
          await aborted(batch);
          await delay(100);
          await finish(batch);
          ended = true;
        },
      });
      await eventually(() => expect(member.batches).toHaveLength(1));
      await member.consumption.close();
      expect(ended).toBe(true);
      expect(member.failures).toEqual([]);
      expect((await log.committed(group, topic))[0]).toBe(3);
    });

    test('a handler that rejects ends the consumption: onFailure once, the record not committed', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const group = uniqueName('group');
      await log.append(numbered(topic, 10));
      const member = await scene.join(log, {
        group,
        topics: [topic],
        maxBatchRecords: 5,
        async received(batch) {
          if (batch.records[0]!.offset === 5) throw new Error('on purpose');
          await finish(batch);
        },
      });
      await eventually(() => expect(member.failures.map((error) => error.message)).toEqual(['on purpose']));
      await member.consumption.close();
      await delay(100);
      expect(member.failures).toHaveLength(1);
      const next = await scene.join(log, { group, topics: [topic] });
      await eventually(() => expect(next.records().map(text)).toEqual(['5', '6', '7', '8', '9']));
    });

    test('seek reads a partition again from an offset: its batches before end, the next starts there', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const group = uniqueName('group');
      await log.append([...numbered(topic, 10, 0), ...numbered(topic, 5, 1)]);
      const member = await scene.join(log, { group, topics: [topic], received: async () => {} });
      await eventually(() => expect(member.records()).toHaveLength(15));
      const before = member.batches.splice(0);
      const events = [...member.events];

      member.consumption.seek({ topic, partition: 0, offset: 4 });
      await eventually(() => expect(member.records().map(text)).toEqual(['4', '5', '6', '7', '8', '9']));
      for (const batch of before) {
        expect(batch.signal.aborted).toBe(batch.partition === 0);
        await finish(batch);
      }
      await member.consumption.commit();
      expect((await log.committed(group, topic))[0] ?? 0).toBe(0);
      expect((await log.committed(group, topic))[1]).toBe(5);

      member.consumption.seek({ topic, partition: 0, offset: 8 });
      await eventually(() => expect(member.records().slice(6).map(text)).toEqual(['8', '9']));
      await log.append(numbered(topic, 1));
      await eventually(() => expect(member.records()).toHaveLength(9));
      for (const batch of member.batches) await finish(batch);
      await eventually(async () => expect((await log.committed(group, topic))[0]).toBe(11));
      expect(member.events).toEqual(events);
    });

    test('after a seek the next batch still waits for the handler; a seek elsewhere is ignored', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      await log.append(numbered(topic, 3));
      const gate = deferred();
      let first = true;
      const member = await scene.join(log, {
        group: uniqueName('group'),
        topics: [topic],
        async received() {
          if (!first) return;
          first = false;
          await gate.promise;
        },
      });
      await eventually(() => expect(member.batches).toHaveLength(1));
      member.consumption.seek({ topic, partition: 99, offset: 0 });
      member.consumption.seek({ topic: uniqueName('other'), partition: 0, offset: 0 });
      member.consumption.seek({ topic, partition: 0, offset: 1 });
      member.consumption.seek({ topic, partition: 0, offset: 2 });
      await delay(700);
      expect(member.batches).toHaveLength(1);
      gate.resolve();
      await eventually(() =>
        expect(
          member.batches
            .slice(1)
            .flatMap(({ records }) => records)
            .map(text),
        ).toEqual(['2']),
      );
    });

    test('two groups get every record each', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const members = [
        await scene.join(log, { group: uniqueName('group'), topics: [topic] }),
        await scene.join(log, { group: uniqueName('group'), topics: [topic] }),
      ];
      await log.append(numbered(topic, 10));
      for (const member of members) await eventually(() => expect(member.records()).toHaveLength(10));
    });
  });
}

function aborted({ signal }: RecordBatch): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
