import { setTimeout as sleep } from 'node:timers/promises';
import { encodeRejected, type IncomingRecord } from '@hookline/contracts';
import type { EventLog } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';
import type { ObservabilityMetrics } from '../metrics.ts';

/** Resolves with true once the record is in webhook.rejected; tries for ever, or until the signal: then with false. */
export type Reject = (record: IncomingRecord, reason: string, signal: AbortSignal) => Promise<boolean>;

const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 5_000;

export function createReject(eventLog: EventLog, log: Log, metrics: ObservabilityMetrics): Reject {
  return async (record, reason, signal) => {
    const { topic, partition, offset } = record;
    const rejected = encodeRejected(record, 'observability', reason);
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      try {
        await eventLog.append([rejected]);
        metrics.rejectedRecords.inc({ topic });
        log.warn({ topic, partition, offset, reason }, 'record.rejected');
        return true;
      } catch (error) {
        log.error({ topic, partition, offset, error: (error as Error).message }, 'reject.failed');
        await sleep(pauseMs, undefined, { signal }).catch(() => {});
      }
    }
    return false;
  };
}
