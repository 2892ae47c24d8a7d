import { GROUP, TOPIC } from '@hookline/contracts';
import type { Clock } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import type { EntryRef, RetrySchedule } from '@hookline/retry-schedule';
import type { PartitionIndex } from './partition-index.ts';

/**
 * Finds hand-overs that came to nothing: the dispatchers have committed past one, everything that they wrote to `webhook.retries` up to then is
 * applied, and still the delivery is held at the same record. It waits again.
 */
export interface PutBack {
  /** One step; resolves with how many were put back. */
  step(): Promise<number>;
}

interface PutBackOptions {
  partition: number;
  index: PartitionIndex;
  schedule: RetrySchedule;
  eventLog: EventLog;
  clock: Clock;
}

const LIMIT = 500;

export function createPutBack({ partition, index, schedule, eventLog, clock }: PutBackOptions): PutBack {
  let suspects: EntryRef[] = [];
  let barrier = 0;

  async function suspect(): Promise<void> {
    const committed = (await eventLog.committed(GROUP.dispatcher, TOPIC.deliveries))[partition];
    if (committed === null || committed === undefined) return;
    const answered = await index.at((cursor) => schedule.answered(partition, cursor, committed, LIMIT));
    if (answered === null || answered.length === 0) return;
    barrier = (await eventLog.endOffsets(TOPIC.retries))[partition] ?? 0;
    suspects = answered;
  }

  return {
    async step() {
      if (suspects.length === 0) {
        await suspect();
        return 0;
      }
      if (index.appliedTo() < barrier) return 0;
      const refs = suspects;
      suspects = [];
      return (await index.at((cursor) => schedule.putBack(partition, cursor, refs, clock.now()))) ?? 0;
    },
  };
}
