import type { LogRecord } from '@hookline/event-log';
import { expect, test } from '@jest/globals';
import { createTail } from './tail.ts';

const record = (offset: number, partition = 0, sizeBytes = 10): LogRecord => ({
  topic: 't',
  partition,
  offset,
  key: null,
  value: Buffer.alloc(sizeBytes),
  headers: {},
  timestampMs: 0,
});
const offsets = (records: LogRecord[] | undefined) => records?.map(({ offset }) => offset);

test('reads from an offset on, at most so many; nothing where it does not hold the offset', () => {
  const tail = createTail(1_000_000);
  tail.add(1, [record(5), record(6), record(7), record(0, 1)]);
  expect(offsets(tail.read(1, 0, 5, 10))).toEqual([5, 6, 7]);
  expect(offsets(tail.read(1, 0, 6, 1))).toEqual([6]);
  expect(offsets(tail.read(1, 1, 0, 10))).toEqual([0]);
  for (const [topic, partition, offset] of [
    [1, 0, 4],
    [1, 0, 8],
    [1, 2, 0],
    [2, 0, 5],
  ] as const) {
    expect(tail.read(topic, partition, offset, 10)).toBeUndefined();
  }
});

test('a gap, where another process appended, begins a new run', () => {
  const tail = createTail(1_000_000);
  tail.add(1, [record(0), record(1)]);
  tail.add(1, [record(3), record(4)]);
  expect(tail.read(1, 0, 1, 10)).toBeUndefined();
  expect(offsets(tail.read(1, 0, 3, 10))).toEqual([3, 4]);
});

test('drops the oldest, of whatever partition, beyond its bound; what is left is right', () => {
  const tail = createTail(100 * 1_300);
  for (let offset = 0; offset < 5_000; offset++)
    tail.add(
      1,
      [record(offset, offset % 2, 1_000)].map((one) => ({ ...one, offset: Math.floor(offset / 2) })),
    );
  expect(tail.read(1, 0, 2_449, 10)).toBeUndefined();
  for (const partition of [0, 1]) {
    expect(offsets(tail.read(1, partition, 2_450, 1_000))).toEqual(
      Array.from({ length: 50 }, (_, index) => 2_450 + index),
    );
  }
});

test('a record larger than the bound is not kept, and does no harm', () => {
  const tail = createTail(1_000);
  tail.add(1, [record(0, 0, 5_000)]);
  expect(tail.read(1, 0, 0, 10)).toBeUndefined();
  tail.add(1, [record(1)]);
  expect(offsets(tail.read(1, 0, 1, 10))).toEqual([1]);
});
