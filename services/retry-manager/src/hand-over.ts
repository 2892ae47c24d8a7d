import { BURY_HEADERS, unpackHandOver, type OutgoingRecord } from '@hookline/contracts';
import type { Clock } from '@hookline/domain';
import type { EventLog, Position } from '@hookline/event-log';
import type { Claimed, RetrySchedule } from '@hookline/retry-schedule';
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

export interface HandedOver {
  due: number;
  /** There was no room for them: to be buried. */
  excess: number;
  /** When there is something to hand over next, as far as is known; null: nothing waits. */
  nextAtMs: number | null;
}

/** One request to the log stays well below what a broker takes. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Of what is claimed at once one webhook gives at most a fifth, so that a large backlog leaves room for others. */
const WEBHOOKS_AT_ONCE = 5;

/**
 * Claims what is due, appends it to `webhook.deliveries`, marks it handed over. Should the append fail, the claims run out and the retries wait again;
 * it is given half of the claims' time, so that it cannot happen after somebody else's claim.
 * @returns null where the index turned out to be another
 */
export async function handOverDue(options: HandOverOptions): Promise<HandedOver | null> {
  const { partition, index, schedule, eventLog, clock, limit, claimMs } = options;
  const perWebhook = Math.ceil(limit / WEBHOOKS_AT_ONCE);
  const request = { nowMs: clock.now(), limit, perWebhook, maxBytes: MAX_BYTES, claimMs };
  const claimed = await index.at((cursor) => schedule.claim(partition, cursor, request));
  if (claimed === null) return null;
  const { entries, nextAtMs } = claimed;
  if (entries.length === 0) return { due: 0, excess: 0, nextAtMs };
  const positions = await eventLog.append(
    entries.map((entry) => recordOf(entry, partition)),
    { deadlineMs: claimMs / 2 },
  );
  const marks = entries.map(({ deliveryId, offset }, i) => ({
    deliveryId,
    offset,
    handedOverAt: (positions[i] as Position).offset,
  }));
  await index.at((cursor) => schedule.markHandedOver(partition, cursor, marks));
  const excess = entries.filter((entry) => entry.excess).length;
  return { due: entries.length - excess, excess, nextAtMs };
}

function recordOf({ deliveryId, entry, excess }: Claimed, partition: number): OutgoingRecord {
  const record = unpackHandOver(deliveryId, partition, entry);
  return excess ? { ...record, headers: { ...record.headers, ...BURY_HEADERS } } : record;
}
