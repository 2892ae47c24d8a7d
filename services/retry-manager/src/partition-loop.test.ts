import { createLog, createMetrics } from '@hookline/service-kit';
import type { EventLog } from '@hookline/event-log';
import type { Claimed, RetrySchedule } from '@hookline/retry-schedule';
import { expect, test } from '@jest/globals';
import { packRetry } from '@hookline/contracts';
import { createRetryManagerMetrics } from './metrics.ts';
import type { PartitionIndex } from './partition-index.ts';
import { runPartitionLoop } from './partition-loop.ts';

test('while more is due than can be handed over, what came to nothing is put back all the same', async () => {
  const stop = new AbortController();
  const cursor = { incarnation: 'one', offset: 7 };
  const due: Claimed = {
    deliveryId: 'dlv_due',
    webhookId: 'wh_1',
    tenant: 'acme',
    attempt: 2,
    dueAtMs: 0,
    offset: 5,
    excess: false,
    entry: packRetry({ topic: 't', partition: 0, offset: 5, key: 'dlv_due', value: null, headers: {}, timestampMs: 0 }),
  };
  let nowMs = 1_000_000;
  let handedOver = 0;
  const ok = <T>(value: T) => Promise.resolve({ kind: 'ok' as const, value });
  const schedule: Partial<RetrySchedule> = {
    claim: () => ok({ entries: [due], nextAtMs: 0 }),
    markHandedOver: () => ok(1),
    holds: () => ok([]),
    answered: () => ok([{ deliveryId: 'dlv_lost', offset: 3 }]),
    putBack(_partition, _at, entries) {
      expect(entries).toEqual([{ deliveryId: 'dlv_lost', offset: 3 }]);
      stop.abort();
      return ok(entries.length);
    },
  };
  const eventLog: Partial<EventLog> = {
    append: () => Promise.resolve([{ topic: 't', partition: 0, offset: ++handedOver }]),
    committed: () => Promise.resolve([100]),
    endOffsets: () => Promise.resolve([7]),
  };
  const index: Partial<PartitionIndex> = {
    isReady: () => true,
    appliedTo: () => cursor.offset,
    generation: () => 1,
    async at(call) {
      const answer = await call(cursor);
      return answer.kind === 'ok' ? answer.value : null;
    },
  };
  await runPartitionLoop({
    partition: 0,
    index: index as PartitionIndex,
    schedule: schedule as RetrySchedule,
    pauses: {
      start: () => Promise.resolve(),
      known: () => Promise.resolve(),
      paused: () => new Set<string>(),
      version: () => 0,
      close: () => Promise.resolve(),
    },
    eventLog: eventLog as EventLog,
    clock: {
      now() {
        if (nowMs > 2_000_000) stop.abort();
        return (nowMs += 100);
      },
    },
    log: createLog('test', 'silent'),
    metrics: createRetryManagerMetrics(createMetrics('retry-manager')),
    signal: stop.signal,
    batchSize: 1,
    claimMs: 30_000,
  });
  expect(nowMs).toBeLessThan(2_000_000);
  expect(handedOver).toBeGreaterThan(1);
});
