import { expect, test } from '@jest/globals';
import { TOPIC } from '@hookline/contracts';
import type { LogRecord, RecordBatch } from '@hookline/event-log';
import { createLog, createMetrics } from '@hookline/service-kit';
import { createAdmission } from './admit.ts';
import type { Dispatch } from './dispatch.ts';
import { createDispatcherMetrics } from './metrics.ts';
import { createWebhookTable } from './webhook-table.ts';

const MIB = 1024 * 1024;

test.each([
  ['a thousand unreadable records', 1_200, 10, 1_000],
  ['64 MiB of them', 100, 4 * MIB, 16],
])('intake waits while %s are not durable, and goes on when they are', async (_what, count, sizeBytes, most) => {
  const copies: (() => void)[] = [];
  const done: number[] = [];
  const admission = createAdmission({
    table: createWebhookTable(),
    feed: { current: () => Promise.resolve(true) },
    dispatch: {} as Dispatch,
    recorder: {
      record: (_records, _source, durable) => void copies.push(() => durable(true)),
      problem: () => null,
      close: () => undefined,
    },
    sequences: { add: () => undefined, room: () => null, read: () => undefined, marked: () => undefined },
    handOvers: { append: () => undefined, full: () => false },
    metrics: createDispatcherMetrics(createMetrics('dispatcher')),
    log: createLog('test', 'silent'),
    sabotage: undefined,
  });
  // All of them share their bytes: what counts is what each would weigh.
  const value = Buffer.alloc(sizeBytes);
  const records = Array.from({ length: count }, (_, offset): LogRecord => {
    return { topic: TOPIC.events, partition: 0, offset, key: null, value, headers: {}, timestampMs: 0 };
  });
  const batch: RecordBatch = {
    topic: TOPIC.events,
    partition: 0,
    records,
    signal: new AbortController().signal,
    done: (offset) => void done.push(offset),
  };
  let isOver = false;
  const received = admission.received(batch).then(() => (isOver = true));
  await pause();
  expect([copies.length, isOver]).toEqual([most, false]);
  while (!isOver) {
    for (const durable of copies.splice(0)) durable();
    await pause();
  }
  for (const durable of copies) durable();
  await received;
  expect(done).toHaveLength(count);
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
