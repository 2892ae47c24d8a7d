import { unpackHandOver } from '@hookline/contracts';
import type { Clock } from '@hookline/domain';
import type { EventLog, Position } from '@hookline/event-log';
import type { RetrySchedule } from '@hookline/retry-schedule';
import type { PartitionIndex } from './partition-index.ts';

export interface HandOverOptions {
  partition: number;
  index: PartitionIndex;
  schedule: RetrySchedule;
  eventLog: EventLog;
  clock: Clock;
  limit: number;
  claimMs: number;
}

/** One request to the log stays well below what a broker takes. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Claims what is due, appends it to `webhook.deliveries`, marks it handed over. Should the append fail, the claims run out and the retries wait again;
 * it is given half of the claims' time, so that it cannot happen after somebody else's claim.
 * @returns how many were claimed
 */
export async function handOverDue(options: HandOverOptions): Promise<number> {
  const { partition, index, schedule, eventLog, clock, limit, claimMs } = options;
  const claimed = await index.at((cursor) =>
    schedule.claim(partition, cursor, { nowMs: clock.now(), limit, maxBytes: MAX_BYTES, claimMs }),
  );
  if (claimed === null || claimed.length === 0) return 0;
  const positions = await eventLog.append(
    claimed.map((retry) => unpackHandOver(retry.deliveryId, partition, retry.entry)),
    { deadlineMs: claimMs / 2 },
  );
  const marks = claimed.map(({ deliveryId, offset }, i) => ({
    deliveryId,
    offset,
    handedOverAt: (positions[i] as Position).offset,
  }));
  await index.at((cursor) => schedule.markHandedOver(partition, cursor, marks));
  return claimed.length;
}
