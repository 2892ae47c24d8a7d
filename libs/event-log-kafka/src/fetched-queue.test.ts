import { describe, expect, test } from '@jest/globals';
import { CompressionTypes } from 'kafkajs';
import type { LogRecord } from '@hookline/event-log';
import Produce from 'kafkajs/src/protocol/requests/produce/index.js';
import { createFetchedQueue } from './fetched-queue.ts';
import { PackedBatch } from './packed-batch.ts';
import { registerZstd } from './zstd-codec.ts';

registerZstd();

/** Of a produce request (version 7) with topic `t` and one partition, before its record batch. */
const BEFORE_BATCH = 2 + 2 + 4 + 4 + 2 + 1 + 4 + 4 + 4;
const MANY = 1_000_000;

async function batchOf(from: number, count: number, sizeBytes = 100): Promise<PackedBatch> {
  const messages = Array.from({ length: count }, () => ({ key: 'k', value: Buffer.alloc(sizeBytes, 'x') }));
  const parameters = {
    acks: -1,
    timeout: 1_000,
    producerId: '7',
    compression: CompressionTypes.ZSTD,
    topicData: [{ topic: 't', partitions: [{ partition: 0, messages, firstSequence: 0 }] }],
  };
  const { buffer } = await Produce.protocol({ version: 7 })(parameters).request.encode();
  const bytes = Buffer.from(buffer.subarray(BEFORE_BATCH));
  bytes.writeBigInt64BE(BigInt(from), 0);
  return new PackedBatch(bytes);
}

const message = (offset: number) => ({ offset: String(offset), key: null, value: null, timestamp: '0', attributes: 0, headers: {} }); // prettier-ignore
const offsets = (records: LogRecord[]) => records.map(({ offset }) => offset);

function scene(isWanted: (record: LogRecord) => boolean = () => true) {
  return createFetchedQueue({ topic: 't', partition: 0, isWanted });
}

describe('what was fetched', () => {
  test('comes in its order, batches and single messages, some at a time', async () => {
    const queue = scene();
    queue.push(await batchOf(0, 3));
    queue.push(message(3));
    queue.push(await batchOf(4, 2));
    expect(queue.records()).toBe(6);
    expect(offsets(queue.take(2, MANY))).toEqual([0, 1]);
    expect(offsets(queue.take(3, MANY))).toEqual([2, 3, 4]);
    expect(queue.records()).toBe(1);
    expect(offsets(queue.take(10, MANY))).toEqual([5]);
    expect([queue.isEmpty(), queue.records(), queue.bytes()]).toEqual([true, 0, 0]);
  });

  test('weighs what it takes here: packed what was sent, and unpacked what that comes to', async () => {
    const queue = scene();
    const [first, second] = [await batchOf(0, 10, 1_000), await batchOf(10, 10, 1_000)];
    queue.push(first);
    queue.push(second);
    expect(queue.bytes()).toBe(first.bytes.length + second.bytes.length);
    expect(queue.bytes()).toBeLessThan(1_000);
    expect(queue.take(1, MANY)).toHaveLength(1);
    expect(queue.bytes()).toBe(9 * 1_001 + second.bytes.length);
  });

  test('is given by so many bytes, and one in any case', async () => {
    const queue = scene();
    queue.push(await batchOf(0, 5, 1_000));
    expect(offsets(queue.take(10, 2_500))).toEqual([0, 1]);
    expect(offsets(queue.take(10, 10))).toEqual([2]);
  });

  test('is unpacked no further than for what is given', async () => {
    const queue = scene();
    const batches = [await batchOf(0, 10, 10_000), await batchOf(10, 10, 10_000), await batchOf(20, 10, 10_000)];
    for (const batch of batches) queue.push(batch);
    const packedBytes = batches[1]!.bytes.length + batches[2]!.bytes.length;
    expect(queue.take(1_000, 15_000)).toHaveLength(1);
    expect(queue.bytes()).toBe(9 * 10_001 + packedBytes);
    const offsetsLeft = [];
    while (!queue.isEmpty()) offsetsLeft.push(...offsets(queue.take(1_000, 15_000)));
    expect(offsetsLeft).toEqual(Array.from({ length: 29 }, (_, index) => index + 1));
  });

  test('and is no batch is an error that names it', async () => {
    const queue = scene();
    const batch = await batchOf(40, 3);
    batch.bytes.fill(0xff, 61);
    queue.push(batch);
    expect(() => queue.take(10, MANY)).toThrow(/t\/0 up to offset 42 can't be read/);
  });

  test('nobody wants is left out, and counts no more', async () => {
    const queue = scene(({ offset }) => offset >= 4);
    queue.push(await batchOf(0, 3));
    queue.push(await batchOf(3, 3));
    expect(offsets(queue.take(3, MANY))).toEqual([4, 5]);
    expect([queue.isEmpty(), queue.records()]).toEqual([true, 0]);
    queue.push(await batchOf(0, 3));
    expect(queue.take(3, MANY)).toEqual([]);
    expect(queue.isEmpty()).toBe(true);
  });

  test('is gone when it is cleared', async () => {
    const queue = scene();
    queue.push(await batchOf(0, 3));
    queue.take(1, MANY);
    queue.push(message(3));
    queue.clear();
    expect([queue.isEmpty(), queue.records(), queue.bytes()]).toEqual([true, 0, 0]);
  });
});
