import { Unavailable } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { createAppendQueue, type PlacedRecord } from './append-queue.ts';
import type { PartitionBatch } from './guarded-send.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const SOON = () => Date.now() + 10_000;

function record(value: string, place: Partial<PlacedRecord> = {}): PlacedRecord {
  return { topic: 't', partition: 0, message: { value }, sizeBytes: 100, batchBytes: 1_000_000, ...place };
}

const never = (): boolean => false;

/** A log in memory behind the queue; `hold()` keeps sends waiting, `fail` decides which batches are refused. */
function scene({ mostQueuedRecords = 1_000, mostQueuedBytes = 10_000_000 } = {}) {
  const sends: string[][] = [];
  const lengths = new Map<string, number>();
  let gate = Promise.resolve();
  let fail: (batch: PartitionBatch) => boolean = never;
  const queue = createAppendQueue({
    mostQueuedRecords,
    mostQueuedBytes,
    log: quiet,
    async send(batches, acknowledged) {
      sends.push(batches.flatMap(({ messages }) => messages.map(({ value }) => String(value))));
      await gate;
      const refused = batches.filter(fail);
      for (const batch of batches.filter((each) => !refused.includes(each))) {
        const name = `${batch.topic}/${batch.partition}`;
        const baseOffset = lengths.get(name) ?? 0;
        lengths.set(name, baseOffset + batch.messages.length);
        acknowledged({ batch, baseOffset });
      }
      if (refused.length > 0) throw new Error('refused');
    },
  });
  return {
    queue,
    sends,
    failWhen: (test: (batch: PartitionBatch) => boolean) => void (fail = test),
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
  };
}

describe('append queue', () => {
  test('what comes in one turn, and while a send is under way, goes together; order stays', async () => {
    const { queue, sends, hold } = scene();
    const release = hold();
    const first = [queue.append([record('a')], SOON()), queue.append([record('b')], SOON())];
    await delay(5);
    const later = ['c', 'd', 'e'].map((value) => queue.append([record(value)], SOON()));
    await delay(5);
    expect(sends).toEqual([['a', 'b']]);
    release();
    const positions = (await Promise.all([...first, ...later])).flat();
    expect(sends).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
    expect(positions.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
  });

  test('positions come in the order of the records, whatever their partitions', async () => {
    const { queue } = scene();
    const records = [3, 1, 3, 2, 1].map((partition, index) => record(String(index), { partition }));
    const positions = await queue.append(records, SOON());
    expect(positions.map(({ partition, offset }) => [partition, offset])).toEqual([
      [3, 0],
      [1, 0],
      [3, 1],
      [2, 0],
      [1, 1],
    ]);
  });

  test('a request is bounded, and so is what it has for one partition; a large record goes alone', async () => {
    const { queue, sends } = scene();
    await queue.append(
      ['a', 'b', 'c'].map((value) => record(value, { sizeBytes: 600, batchBytes: 1_000 })),
      SOON(),
    );
    expect(sends).toEqual([['a'], ['b'], ['c']]);
    sends.length = 0;
    const large = record('large', { sizeBytes: 3 * 1024 * 1024, batchBytes: 4 * 1024 * 1024 });
    await queue.append([record('x'), large, record('y')], SOON());
    expect(sends).toEqual([['x'], ['large'], ['y']]);
  });

  test('what was refused is sent again, before what came later', async () => {
    const { queue, sends, failWhen } = scene();
    let refusals = 2;
    failWhen(() => refusals-- > 0);
    const first = queue.append([record('a')], SOON());
    await delay(10);
    const second = queue.append([record('b')], SOON());
    expect((await Promise.all([first, second])).flat().map(({ offset }) => offset)).toEqual([0, 1]);
    expect(sends).toEqual([['a'], ['a', 'b'], ['a', 'b']]);
  });

  test('only the partition refused is sent again', async () => {
    const { queue, sends, failWhen } = scene();
    let refusals = 1;
    failWhen(({ partition }) => partition === 1 && refusals-- > 0);
    await queue.append([record('a'), record('b', { partition: 1 })], SOON());
    expect(sends).toEqual([['a', 'b'], ['b']]);
  });

  test('a topic that cannot be written holds up no other, and is given up at its deadline', async () => {
    const { queue, failWhen } = scene();
    failWhen(({ topic }) => topic === 'bad');
    const bad = queue.append([record('x', { topic: 'bad' })], Date.now() + 400);
    const outcome = expect(bad).rejects.toBeInstanceOf(Unavailable);
    for (let round = 0; round < 3; round++) await queue.append([record('good')], SOON());
    await outcome;
    await queue.close(1_000);
  });

  test('a deadline holds while the send is stuck; what is given up is not sent any more', async () => {
    const { queue, sends, hold } = scene();
    const release = hold();
    const stuck = queue.append([record('a')], Date.now() + 150);
    const waiting = queue.append([record('b')], Date.now() + 150);
    const patient = queue.append([record('c')], SOON());
    await expect(stuck).rejects.toBeInstanceOf(Unavailable);
    await expect(waiting).rejects.toBeInstanceOf(Unavailable);
    release();
    await patient;
    expect(sends).toEqual([['a', 'b', 'c']]);
    const next = hold();
    const third = queue.append([record('d')], SOON());
    await delay(5);
    const late = queue.append([record('e')], Date.now() + 100);
    await expect(late).rejects.toBeInstanceOf(Unavailable);
    next();
    await third;
    await delay(20);
    expect(sends.flat()).not.toContain('e');
  });

  test('beyond its bounds it refuses at once', async () => {
    const { queue, hold } = scene({ mostQueuedRecords: 2 });
    const release = hold();
    const first = queue.append([record('a')], SOON());
    await delay(5);
    const waiting = queue.append([record('b'), record('c')], SOON());
    await expect(queue.append([record('d')], SOON())).rejects.toThrow('too much waits');
    release();
    await Promise.all([first, waiting]);
    await queue.append([record('e')], SOON());
  });

  test('close sends what waits, and refuses what comes after; a stuck send does not hold it up', async () => {
    const { queue } = scene();
    const waiting = queue.append([record('a')], SOON());
    await queue.close(1_000);
    expect(await waiting).toHaveLength(1);
    await expect(queue.append([record('b')], SOON())).rejects.toBeInstanceOf(Unavailable);

    const stuck = scene();
    const release = stuck.hold();
    const unsent = stuck.queue.append([record('a')], SOON());
    const outcome = expect(unsent).rejects.toBeInstanceOf(Unavailable);
    await stuck.queue.close(50);
    await outcome;
    release();
  });
});
