import { describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, finish, numbered, textRecord, topicSpec, uniqueName, type Scene } from './scene.ts';

export function describeTopics(scene: Scene): void {
  describe('offsets', () => {
    test('end offsets are one past the last record, 0 in an empty partition', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      expect(await log.endOffsets(topic)).toEqual([0, 0, 0, 0]);
      await log.append([...numbered(topic, 3, 0), ...numbered(topic, 1, 2)]);
      expect(await log.endOffsets(topic)).toEqual([3, 0, 1, 0]);
    });

    test('many callers at once each get an answer from after their call', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log, { partitions: 1 });
      const answers: Promise<void>[] = [];
      for (let index = 0; index < 30; index++) {
        await log.append(numbered(topic, 1));
        answers.push(log.endOffsets(topic).then(([end]) => expect(end).toBeGreaterThan(index)));
      }
      await Promise.all(answers);
    });

    test('offsetsAt finds the first record at or after a time, the end where there is none', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      await log.append([...numbered(topic, 2, 0), ...numbered(topic, 1, 1)]);
      await delay(50);
      const between = Date.now();
      await delay(50);
      await log.append(numbered(topic, 2, 0));
      expect(await log.offsetsAt(topic, 0)).toEqual([0, 0, 0, 0]);
      expect(await log.offsetsAt(topic, between)).toEqual([2, 1, 0, 0]);
      expect(await log.offsetsAt(topic, Date.now() + 60_000)).toEqual([4, 1, 0, 0]);
    });

    test('committed is null for a group that never was', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      expect(await log.committed(uniqueName('group'), topic)).toEqual([null, null, null, null]);
    });
  });

  describe('topics', () => {
    test('making topics leaves the existing ones alone, and then the table and the store agree', async () => {
      const log = await scene.open();
      const specs = [
        topicSpec(uniqueName('table'), { partitions: 2 }),
        topicSpec(uniqueName('table'), { cleanup: 'compact', retentionMs: 120_000 }),
      ];
      await log.createTopics(specs.slice(0, 1));
      await log.append(numbered(specs[0]!.name, 2));
      await log.createTopics(specs);
      await log.createTopics(specs.map((spec) => ({ ...spec, partitions: 3 })));
      expect(await log.checkTopics(specs)).toEqual({ missing: [], wrong: [] });
      expect(await log.endOffsets(specs[0]!.name)).toEqual([2, 0]);
    });

    test('each difference is one line that names the topic and what differs', async () => {
      const log = await scene.open();
      const spec = topicSpec(uniqueName('table'));
      await log.createTopics([spec]);
      const differences: [Partial<typeof spec>, RegExp][] = [
        [{ partitions: 5 }, /partitions/i],
        [{ cleanup: 'compact' }, /cleanup/i],
        [{ retentionMs: 7_200_000 }, /retention/i],
        [{ maxBytes: 2 * 1024 * 1024 }, /bytes/i],
      ];
      for (const [difference, names] of differences) {
        const { missing, wrong: lines } = await log.checkTopics([{ ...spec, ...difference }]);
        expect(missing).toEqual([]);
        expect(lines.length).toBeGreaterThan(0);
        expect(lines.every((line) => line.includes(spec.name))).toBe(true);
        expect(lines.join('\n')).toMatch(names);
      }
      const twice = await log.checkTopics([{ ...spec, partitions: 5, maxBytes: 1024 }]);
      expect(twice.wrong).toHaveLength(2);
      const absent = uniqueName('missing');
      expect(await log.checkTopics([spec, topicSpec(absent)])).toEqual({
        missing: [expect.stringContaining(absent)],
        wrong: [],
      });
    });
  });

  describe('life', () => {
    test('ping answers while the store does', async () => {
      const log = await scene.open();
      await log.ping(5_000);
    });

    test('closing the log closes its consumptions and followers, commits, and leaves nothing behind', async () => {
      const keeper = await scene.open();
      const topic = await scene.makeTopic(keeper);
      const group = uniqueName('group');
      const before = openResources();
      const log = await scene.open();
      const member = await scene.join(log, { group, topics: [topic], received: async () => {} });
      const follower = await scene.follow(log, topic);
      await log.append([textRecord(topic, 'x', { partition: 0 })]);
      await eventually(() => expect(member.records().length + follower.records.length).toBe(2));
      await finish(member.batches[0]!);
      await log.close();
      expect(member.events).toContain('lost 0');
      expect([...member.failures, ...follower.failures]).toEqual([]);
      expect((await keeper.committed(group, topic))[0]).toBe(1);
      await eventually(() => {
        const after = openResources();
        for (const kind of Object.keys(after))
          expect([kind, after[kind]! <= (before[kind] ?? 0)]).toEqual([kind, true]);
      }, 5_000);
    });
  });
}

/** What keeps a process alive: sockets, timers, workers. */
function openResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (/Timeout|TCP|Pipe|MessagePort|Worker/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
