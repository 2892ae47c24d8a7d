import { TooLarge } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { eventually, numbered, text, textRecord, uniqueName, type Scene } from './scene.ts';

export function describeAppend(scene: Scene): void {
  describe('append', () => {
    test('answers with positions in the order given, ascending in each partition', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const records = Array.from({ length: 40 }, (_, index) =>
        textRecord(topic, String(index), { partition: index % 4 }),
      );
      const positions = await log.append(records);
      expect(positions.map((position) => position.partition)).toEqual(records.map((record) => record.partition));
      expect(positions.every((position) => position.topic === topic)).toBe(true);
      for (const partition of [0, 1, 2, 3]) {
        const offsets = positions.filter((position) => position.partition === partition).map(({ offset }) => offset);
        expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
        expect(new Set(offsets).size).toBe(10);
      }
    });

    test('the first record of a partition has offset 0; no records, no positions', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      expect(await log.append([])).toEqual([]);
      expect(await log.append(numbered(topic, 2, 3))).toEqual([
        { topic, partition: 3, offset: 0 },
        { topic, partition: 3, offset: 1 },
      ]);
    });

    test('records of one key share a partition, whichever client appends them', async () => {
      const [one, other] = [await scene.open(), await scene.open()];
      const topic = await scene.makeTopic(one);
      const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
      const records = keys.map((key) => textRecord(topic, key, { key }));
      const first = await one.append(records);
      const second = await other.append(records);
      expect(second.map(({ partition }) => partition)).toEqual(first.map(({ partition }) => partition));
      expect(new Set(first.map(({ partition }) => partition)).size).toBeGreaterThan(1);
    });

    test('an explicit partition overrides the key', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const places = [0, 1, 2, 3].map((partition) => textRecord(topic, 'x', { key: 'same', partition }));
      expect((await log.append(places)).map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
    });

    test('one call may name several topics', async () => {
      const log = await scene.open();
      const topics = [await scene.makeTopic(log), await scene.makeTopic(log)];
      const positions = await log.append(topics.map((topic) => textRecord(topic, 'x', { partition: 1 })));
      expect(positions).toEqual(topics.map((topic) => ({ topic, partition: 1, offset: 0 })));
    });

    test('calls made one after the other keep their order in a partition, without waiting for each other', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const answers = await Promise.all(
        Array.from({ length: 300 }, (_, index) => log.append([textRecord(topic, String(index), { key: 'one' })])),
      );
      const offsets = answers.map(([position]) => position!.offset);
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
      const { records } = await scene.follow(log, topic);
      await eventually(() => expect(records).toHaveLength(300));
      expect(records.map(text)).toEqual(Array.from({ length: 300 }, (_, index) => String(index)));
    });

    test('concurrent appends of several clients all arrive once, at the positions answered', async () => {
      const logs = await Promise.all([scene.open(), scene.open(), scene.open()]);
      const topic = await scene.makeTopic(logs[0]);
      const appends = logs.flatMap((log, client) =>
        Array.from({ length: 50 }, async (_, index) => {
          const value = `${client}-${index}`;
          const [position] = await log.append([textRecord(topic, value)]);
          return `${position!.partition}/${position!.offset}=${value}`;
        }),
      );
      const expected = await Promise.all(appends);
      const { records } = await scene.follow(logs[0], topic);
      await eventually(() => expect(records.length).toBeGreaterThanOrEqual(150));
      const found = records.map((record) => `${record.partition}/${record.offset}=${text(record)}`);
      expect(found.sort()).toEqual(expected.sort());
    });

    test('key, value, headers and the time come back as given; a tombstone is no empty value', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const bytes = randomBytes(3_000);
      const before = Date.now();
      await log.append([
        { topic, partition: 0, key: 'schlüssel', value: bytes, headers: { ce_type: 'a.b', umlaut: 'ä€😀', empty: '' } },
        { topic, partition: 0, key: 'empty', value: Buffer.alloc(0) },
        { topic, partition: 0, key: 'tombstone', value: null },
        { topic, partition: 0, value: Buffer.from('no key') },
      ]);
      const { records } = await scene.follow(log, topic);
      await eventually(() => expect(records).toHaveLength(4));
      const [full, empty, tombstone, keyless] = records;
      expect(full!.key).toBe('schlüssel');
      expect(bytes.equals(full!.value!)).toBe(true);
      expect(full!.headers).toEqual({ ce_type: 'a.b', umlaut: 'ä€😀', empty: '' });
      expect(Math.abs(full!.timestampMs - before)).toBeLessThan(10_000);
      expect(empty!.value).toEqual(Buffer.alloc(0));
      expect(tombstone!.value).toBeNull();
      expect(tombstone!.headers).toEqual({});
      expect(keyless!.key).toBeNull();
    });

    test('a record too large is refused before anything of its call is appended', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log, { maxBytes: 64 * 1024 });
      const large = { topic, partition: 1, value: randomBytes(100 * 1024) };
      const calls = [[textRecord(topic, 'small', { partition: 0 }), large], [large]];
      for (const call of calls) await expect(log.append(call)).rejects.toBeInstanceOf(TooLarge);
      expect(await log.endOffsets(topic)).toEqual([0, 0, 0, 0]);
    });

    test('records that fit one by one fit together', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log, { maxBytes: 64 * 1024 });
      const records = Array.from({ length: 6 }, () => ({ topic, partition: 0, value: randomBytes(40 * 1024) }));
      const positions = await Promise.all([log.append(records), log.append(records)]);
      expect(positions.flat().map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    });

    test('a topic that does not exist is an error, and no harm to others', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      const missing = log.append([textRecord(uniqueName('missing'), 'x')], { deadlineMs: 1_000 });
      const present = log.append([textRecord(topic, 'x', { partition: 0 })]);
      await expect(missing).rejects.toThrow();
      expect(await present).toEqual([{ topic, partition: 0, offset: 0 }]);
    });

    test('what was acknowledged before end offsets are asked is below them', async () => {
      const [writer, reader] = [await scene.open(), await scene.open()];
      const topic = await scene.makeTopic(writer);
      await Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          const [position] = await writer.append([textRecord(topic, String(index))]);
          const ends = await reader.endOffsets(topic);
          expect(ends[position!.partition]).toBeGreaterThan(position!.offset);
        }),
      );
    });

    test('rejects once the log is closed; closing twice is fine', async () => {
      const log = await scene.open();
      const topic = await scene.makeTopic(log);
      await log.close();
      await log.close();
      await expect(log.append([textRecord(topic, 'x')])).rejects.toThrow();
    });
  });
}
