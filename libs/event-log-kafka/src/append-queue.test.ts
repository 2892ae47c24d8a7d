import { Unavailable } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { createAppendQueue } from './append-queue.ts';
import type { GuardedSend, PartitionBatch } from './guarded-send.ts';
import type { PlacedRecord } from './waiting-record.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const SOON = () => Date.now() + 10_000;

function record(value: string, place: Partial<PlacedRecord> = {}): PlacedRecord {
  return { topic: 't', partition: 0, message: { value }, sizeBytes: 100, batchBytes: 1_000_000, ...place };
}

const never = (): boolean => false;

/** A log in memory behind the queue; `hold()` keeps sends waiting, `fail` decides which batches are refused. */
function scene({ mostQueuedRecords = 1_000, mostQueuedBytes = 10_000_000, failsAfterMs = 0 } = {}) {
  const sends: string[][] = [];
  const logs = new Map<string, string[]>();
  let gate = Promise.resolve();
  let fail: (batch: PartitionBatch) => boolean = never;
  const send: GuardedSend['send'] = async (batches, acknowledged) => {
    sends.push(batches.flatMap(({ messages }) => messages.map(({ value }) => String(value))));
    await gate;
    const refused = batches.filter(fail);
    for (const batch of batches.filter((each) => !refused.includes(each))) {
      const name = `${batch.topic}/${batch.partition}`;
      const log = logs.get(name) ?? [];
      logs.set(name, log);
      const baseOffset = log.length;
      log.push(...batch.messages.map(({ value }) => String(value)));
      acknowledged({ batch, baseOffset });
    }
    if (refused.length === 0) return;
    await delay(failsAfterMs);
    throw new Error('refused');
  };
  const queue = createAppendQueue({ mostQueuedRecords, mostQueuedBytes, log: quiet, send, sendApart: send });
  return {
    queue,
    sends,
    logs,
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

  test('where many callers append at once, a send waits a moment for more of them; alone it goes at once', async () => {
    const { queue, sends } = scene();
    const first = ['a', 'b', 'c', 'd'].map((value) => queue.append([record(value)], SOON()));
    await Promise.all(first);
    const second = [queue.append([record('e')], SOON())];
    await new Promise((resolve) => setImmediate(resolve));
    second.push(queue.append([record('f')], SOON()));
    await Promise.all(second);
    expect(sends.slice(1)).toEqual([['e', 'f']]);
    await delay(20);
    const many = Array.from({ length: 10 }, (_, index) => record(`g${index}`));
    await queue.append(many, SOON());
    const alone = queue.append([record('h')], SOON());
    await new Promise((resolve) => setImmediate(resolve));
    expect(sends.at(-1)).toEqual(['h']);
    await alone;
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

  test('a partition that cannot be written delays the others once, and takes records again when it can', async () => {
    const { queue, logs, failWhen } = scene({ failsAfterMs: 300 });
    let broken = true;
    failWhen(({ partition }) => broken && partition === 3);
    const latencies: number[] = [];
    const refused: string[] = [];
    const calls: Promise<void>[] = [];
    const put = async (partition: number, value: string, deadlineMs: number): Promise<void> => {
      const startedAt = performance.now();
      try {
        await queue.append([record(value, { partition })], Date.now() + deadlineMs);
        if (partition !== 3) latencies.push(performance.now() - startedAt);
      } catch (error) {
        expect(error).toBeInstanceOf(Unavailable);
        expect(performance.now() - startedAt).toBeLessThan(deadlineMs + 500);
        refused.push(value);
      }
    };
    for (let round = 0; round < 100; round++) {
      for (const partition of [0, 1, 2]) calls.push(put(partition, String(round), 5_000));
      // The first ones can't outlast the breakage, the last ones can.
      calls.push(put(3, String(round), round < 50 ? 400 : 5_000));
      await delay(20);
    }
    broken = false;
    await Promise.all(calls);

    const inOrder = Array.from({ length: 100 }, (_, round) => String(round));
    for (const partition of [0, 1, 2]) expect(logs.get(`t/${partition}`)).toEqual(inOrder);
    expect(refused).toEqual(inOrder.slice(0, 50));
    expect(logs.get('t/3')).toEqual(inOrder.slice(50));
    expect(Math.max(...latencies)).toBeLessThan(1_000);
    // Only what was under way with the first failure, or came meanwhile, has waited for it.
    expect(latencies.filter((ms) => ms > 150).length).toBeLessThan(60);
    await queue.close(100);
  });

  test('a partition in doubt stays apart while nothing is appended to it', async () => {
    const { queue, sends, failWhen } = scene();
    failWhen(({ partition }) => partition === 1);
    await expect(queue.append([record('a', { partition: 1 })], Date.now() + 150)).rejects.toBeInstanceOf(Unavailable);
    await delay(400);
    sends.length = 0;
    const again = queue.append([record('b', { partition: 1 })], SOON());
    await queue.append([record('c')], SOON());
    failWhen(never);
    await again;
    expect(sends.every((values) => values.length === 1)).toBe(true);
    sends.length = 0;
    await delay(5);
    await Promise.all([queue.append([record('d', { partition: 1 })], SOON()), queue.append([record('e')], SOON())]);
    expect(sends).toEqual([['d', 'e']]);
  });

  test('what waits for a partition that cannot be written is bounded, and takes no room from the others', async () => {
    const { queue, failWhen } = scene({ mostQueuedRecords: 10 });
    failWhen(({ partition }) => partition === 1);
    const outcomes = [];
    for (let round = 0; round < 20; round++) {
      const doomed = queue.append([record('x', { partition: 1 })], Date.now() + 1_000);
      outcomes.push(doomed.then(() => 'appended', String));
      await queue.append([record('good')], SOON());
    }
    const failures = await Promise.all(outcomes);
    expect(failures.filter((failure) => failure.includes('too much waits')).length).toBeGreaterThan(0);
    expect(failures.filter((failure) => failure.includes('by the deadline')).length).toBeGreaterThanOrEqual(5);
    await queue.close(100);
  });

  test('many partitions that cannot be written leave room for those that can', async () => {
    const { queue, failWhen } = scene({ failsAfterMs: 100 });
    failWhen(({ partition }) => partition % 2 === 1);
    const startedAt = performance.now();
    const calls = Array.from({ length: 40 }, (_, partition) =>
      queue.append([record(String(partition), { partition })], Date.now() + 5_000),
    );
    await Promise.all(calls.filter((_, partition) => partition % 2 === 0));
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    failWhen(never);
    expect((await Promise.all(calls)).flat()).toHaveLength(40);
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
