import { setTimeout as sleep } from 'node:timers/promises';
import { decodeCancellation, TOPIC } from '@hookline/contracts';
import type { EventLog, Following, LogRecord } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';
import type { Cancellations } from './cancellations.ts';
import type { DispatcherMetrics } from './metrics.ts';

/** Keeps the cancellations at the end of `webhook.cancellations`. */
export interface CancellationFeed {
  /** Resolves when all that were there are known: what was cancelled while nobody ran is not sent by whoever starts next. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface CancellationFeedDeps {
  eventLog: Pick<EventLog, 'follow' | 'endOffsets'>;
  cancellations: Cancellations;
  log: Log;
  metrics: Pick<DispatcherMetrics, 'rejected'>;
  fail: (error: Error) => void;
}

const POLL_MS = 5;

export function createCancellationFeed(deps: CancellationFeedDeps): CancellationFeed {
  const { eventLog, cancellations, log, metrics, fail } = deps;
  let following: Following | undefined;
  let closed = false;

  function received(records: LogRecord[]): Promise<void> {
    for (const record of records) {
      const decoded = decodeCancellation(record);
      if (decoded.kind === 'cancellation') cancellations.add(decoded.cancellation);
      else skip(record, decoded.reason);
    }
    return Promise.resolve();
  }

  /** Every copy meets it, and at every start: it stays where it is. */
  function skip({ topic, partition, offset }: LogRecord, reason: string): void {
    metrics.rejected.inc({ topic });
    log.error({ topic, partition, offset, reason }, 'cancellation.unreadable');
  }

  return {
    async start() {
      following = await eventLog.follow({ topic: TOPIC.cancellations, received, onFailure: fail });
      const ends = await eventLog.endOffsets(TOPIC.cancellations);
      const isBehind = () => ends.some((end, partition) => (following?.position()[partition] ?? 0) < end);
      while (isBehind() && !closed) await sleep(POLL_MS);
    },
    async close() {
      closed = true;
      await following?.close();
    },
  };
}
