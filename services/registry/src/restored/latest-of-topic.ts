import { integerHeader } from '@hookline/contracts';
import { Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a compacted topic of the registry's says last of a key. */
export interface Latest {
  revision: number;
  /** false: a tombstone. */
  present: boolean;
}

const POLL_MS = 50;
/** So long without a record while there are some to come: then something is wrong. */
const PATIENCE_MS = 60_000;

/** Reads a topic of revisions from its beginning to the end that it has now. @throws Unavailable when that stalls */
export async function latestOfTopic(eventLog: EventLog, topic: string): Promise<Map<string, Latest>> {
  const latest = new Map<string, Latest>();
  const ends = await eventLog.endOffsets(topic);
  let failure: Error | undefined;
  let movedAtMs = performance.now();
  const following = await eventLog.follow({
    topic,
    async received(records) {
      movedAtMs = performance.now();
      for (const { key, value, headers } of records) {
        const revision = integerHeader(headers, 'hl_revision');
        if (key === null || revision === null || revision < (latest.get(key)?.revision ?? 0)) continue;
        latest.set(key, { revision, present: value !== null });
      }
    },
    onFailure: (error) => {
      failure = error;
    },
  });
  try {
    while (ends.some((end, partition) => (following.position()[partition] ?? 0) < end)) {
      if (failure !== undefined) throw failure;
      if (performance.now() - movedAtMs > PATIENCE_MS) {
        throw new Unavailable(
          `${topic} has given no record for ${PATIENCE_MS / 1_000} s, though not all of it is read`,
        );
      }
      await sleep(POLL_MS);
    }
  } finally {
    await following.close();
  }
  return latest;
}
