import { decodeRetry, encodeRejected, packRetry, type OutgoingRecord } from '@hookline/contracts';
import type { LogRecord } from '@hookline/event-log';
import type { ScheduleChange } from '@hookline/retry-schedule';

export interface Changes {
  changes: ScheduleChange[];
  /** What could not be read, as it goes to `webhook.rejected`. */
  rejected: OutgoingRecord[];
}

/** What records of `webhook.retries` change in the index. */
export function changesOf(records: readonly LogRecord[]): Changes {
  const changes: ScheduleChange[] = [];
  const rejected: OutgoingRecord[] = [];
  for (const record of records) {
    const decoded = decodeRetry(record);
    switch (decoded.kind) {
      case 'retry': {
        const { deliveryId, webhookId, event, attempt, dueAtMs } = decoded.retry;
        changes.push({
          kind: 'wait',
          deliveryId,
          webhookId,
          tenant: event.tenant,
          offset: record.offset,
          attempt,
          dueAtMs,
          entry: packRetry(record),
        });
        break;
      }
      case 'tombstone':
        changes.push({ kind: 'settled', deliveryId: decoded.key, offset: record.offset });
        break;
      case 'unreadable':
        rejected.push(encodeRejected(record, 'retry-manager', decoded.reason));
    }
  }
  return { changes, rejected };
}
