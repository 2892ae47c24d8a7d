import { setTimeout as delay } from 'node:timers/promises';
import type { Intake } from './intake.ts';
import type { Log } from './log.ts';

const AGAIN_MS = 100;

/** What a group has committed of a partition: the offset to go on from, and in its metadata what is done above that. */
export interface Committed {
  offset: number;
  metadata: string;
}

/** What a group has committed of each partition of a topic, and the earliest offset retained. */
export type ReadStarts = (
  group: string,
  topic: string,
) => Promise<{ committed: (Committed | null)[]; earliest: number[] }>;

export interface StartsOptions {
  group: string;
  readStarts: ReadStarts;
  log: Log;
}

/** Undefined when the partition went before there was an answer. */
export type Starts = (intake: Intake) => Promise<{ committed: Committed | null; earliest: number } | undefined>;

/** For the partitions of one join: each topic is asked for once, for ever unless the partition goes. */
export function createStarts({ group, readStarts, log }: StartsOptions): Starts {
  const asked = new Map<string, ReturnType<ReadStarts>>();
  return async ({ topic, partition, signal }) => {
    while (!signal.aborted) {
      const answer = asked.get(topic) ?? readStarts(group, topic);
      asked.set(topic, answer);
      try {
        const { committed, earliest } = await answer;
        return { committed: committed[partition] ?? null, earliest: earliest[partition] ?? 0 };
      } catch (error) {
        if (asked.get(topic) === answer) asked.delete(topic);
        log.warn({ group, topic, error: String(error) }, 'consumer.start-unknown');
        await delay(AGAIN_MS);
      }
    }
    return undefined;
  };
}
