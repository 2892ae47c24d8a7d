import { encodeDoneMap, type RecordBatch } from '@hookline/event-log';
import { describe, expect, test } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import { createIntake } from './intake.ts';

function message(offset: number, sizeBytes = 1): KafkaMessage {
  const value = Buffer.alloc(sizeBytes);
  return { offset: String(offset), key: null, value, timestamp: '0', attributes: 0, headers: {} };
}

const messages = (from: number, to: number, sizeBytes?: number) =>
  Array.from({ length: to - from }, (_, index) => message(from + index, sizeBytes));

function scene({ maxBatchRecords = 10, received = async (_batch: RecordBatch) => {} } = {}) {
  const batches: RecordBatch[] = [];
  const failures: Error[] = [];
  let room = 0;
  const intake = createIntake({
    topic: 't',
    partition: 0,
    maxBatchRecords,
    ahead: () => ({ records: 1_000, bytes: 1024 * 1024 }),
    commits: true,
    handler: {
      async received(batch) {
        batches.push(batch);
        await received(batch);
      },
    },
    onDone: () => {},
    onRoom: () => room++,
    onFailure: (error) => failures.push(error),
  });
  const offsets = () => batches.flatMap(({ records }) => records.map(({ offset }) => offset));
  return { intake, batches, failures, offsets, room: () => room };
}

describe('intake', () => {
  test('nothing is taken before it is known where to start', () => {
    const { intake } = scene();
    expect(intake.accept(messages(0, 3), 3, 3)).toBe(false);
    intake.start(1);
    expect(intake.next()).toBe(1);
  });

  test('records that were read already are left out; gaps count as read', async () => {
    const { intake, offsets } = scene();
    intake.start(2);
    intake.accept(messages(0, 4), 4, 4);
    intake.accept([message(3), message(7)], 9, 9);
    await intake.idle();
    expect(offsets()).toEqual([2, 3, 7]);
    expect(intake.next()).toBe(9);
  });

  test('an answer that begins too far on is asked for once more, and then believed', () => {
    const { intake } = scene();
    intake.start(5);
    expect(intake.skips(5)).toBe(false);
    expect(intake.skips(4)).toBe(false);
    expect(intake.skips(8)).toBe(true);
    expect(intake.skips(8)).toBe(false);
  });

  test('it is full at twice a batch or so many bytes, and says when there is room again', async () => {
    const gate = Promise.withResolvers<void>();
    const { intake, room } = scene({ received: () => gate.promise });
    intake.start(0);
    expect(intake.accept(messages(0, 19), 19, 19)).toBe(true);
    await delay(1);
    expect(intake.accept(messages(19, 40), 40, 40)).toBe(false);
    gate.resolve();
    await intake.idle();
    expect(room()).toBe(1);
    const large = scene({ received: () => new Promise<void>(() => {}) });
    large.intake.start(0);
    large.intake.accept(messages(0, 1), 1, 1);
    await delay(1);
    expect(large.intake.accept(messages(1, 6, 256 * 1024), 6, 6)).toBe(false);
  });

  test('what is in headers counts as well', async () => {
    const { intake } = scene();
    intake.start(0);
    const headers = { a: 'x'.repeat(600_000), b: Buffer.alloc(600_000, 'y') };
    expect(intake.accept([message(0)], 1, 2)).toBe(true);
    expect(intake.accept([{ ...message(1), headers } as unknown as KafkaMessage], 2, 2)).toBe(false);
  });

  test('a batch has at most so many bytes, or one record', async () => {
    const { intake, batches } = scene();
    intake.start(0);
    intake.accept([message(0, 2 * 1024 * 1024), ...messages(1, 6, 400 * 1024)], 6, 6);
    await intake.idle();
    expect(batches.map(({ records }) => records.length)).toEqual([1, 2, 2, 1]);
  });

  test('what is done is committable once, until the partition goes', async () => {
    const { intake, batches } = scene();
    intake.start(0);
    intake.accept(messages(0, 3), 3, 3);
    await intake.idle();
    expect(intake.committable()).toBeUndefined();
    batches[0]!.done(0);
    const what = intake.committable();
    expect(what?.offset).toBe(1);
    intake.committed(what!);
    expect(intake.committable()).toBeUndefined();
    batches[0]!.done(1);
    intake.drop();
    batches[0]!.done(2);
    expect(intake.committable()).toBeUndefined();
    expect(batches[0]!.signal.aborted).toBe(true);
  });

  test('what the done map says is done does not reach the handler, and is passed', async () => {
    const { intake, offsets, batches } = scene();
    intake.start(10, encodeDoneMap(10, [1, 2, 1, 3], 100));
    intake.accept(messages(10, 18), 18, 18);
    await intake.idle();
    expect(offsets()).toEqual([10, 13, 17]);
    for (const offset of offsets()) batches[0]!.done(offset);
    expect(intake.committable()?.offset).toBe(18);
  });

  test('stopped, what is queued goes nowhere; what was handed over may still be done', async () => {
    const gate = Promise.withResolvers<void>();
    const { intake, batches } = scene({ maxBatchRecords: 2, received: () => gate.promise });
    intake.start(0);
    intake.accept(messages(0, 4), 4, 4);
    await delay(1);
    intake.stop();
    gate.resolve();
    await intake.idle();
    expect(batches).toHaveLength(1);
    batches[0]!.done(0);
    batches[0]!.done(1);
    expect(intake.committable()?.offset).toBe(2);
  });

  test('a rejection of the handler is reported once, and not after the partition went', async () => {
    const { intake, failures } = scene({ received: () => Promise.reject(new Error('no')) });
    intake.start(0);
    intake.accept(messages(0, 1), 1, 1);
    await intake.idle();
    expect(failures.map((error) => error.message)).toEqual(['no']);
    const gate = Promise.withResolvers<void>();
    const gone = scene({ received: () => gate.promise });
    gone.intake.start(0);
    gone.intake.accept(messages(0, 1), 1, 1);
    await delay(1);
    gone.intake.drop();
    gate.reject(new Error('aborted'));
    await gone.intake.idle();
    expect(gone.failures).toEqual([]);
  });
});
