import type { Offsets } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Intake } from './intake.ts';
import type { Log } from './log.ts';

const COMMIT_AFTER_MS = 300;
const LAST_TRIES = 5;
const LAST_PAUSE_MS = 200;

export interface CommitterOptions {
  intakes: () => Iterable<Intake>;
  log: Log;
  enabled: boolean;
}

export interface Committer {
  /** Something is done: commits soon, unless that is arranged already. */
  schedule: () => void;
  /** How the present member commits, without trying again by itself: the offsets of a generation must not be sent in the next one. */
  attach: (send: (offsets: Offsets) => Promise<void>) => void;
  /** Commits what is done now. What cannot be committed is tried again while the partition stays. */
  commit: () => Promise<void>;
  /** A last commit, tried a few times. */
  close: () => Promise<void>;
}

export function createCommitter({ intakes, log, enabled }: CommitterOptions): Committer {
  let send: ((offsets: Offsets) => Promise<void>) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function schedule(): void {
    if (timer !== undefined || closed || !enabled) return;
    timer = setTimeout(() => {
      timer = undefined;
      void commit();
    }, COMMIT_AFTER_MS);
  }

  /** Gives false if it failed. Everything up to the request itself happens at once: a rebalance can't come in between. */
  async function commitNow(): Promise<boolean> {
    const dirty = new Map<Intake, number>();
    const topics = new Map<string, { partition: number; offset: string }[]>();
    for (const intake of intakes()) {
      const offset = intake.committable();
      if (offset === undefined) continue;
      dirty.set(intake, offset);
      const entry = { partition: intake.partition, offset: String(offset) };
      const partitions = topics.get(intake.topic);
      if (partitions === undefined) topics.set(intake.topic, [entry]);
      else partitions.push(entry);
    }
    if (dirty.size === 0 || send === undefined || !enabled) return true;
    try {
      await send({ topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })) });
    } catch (error) {
      log.debug({ error: String(error) }, 'commit.failed');
      return false;
    }
    for (const [intake, offset] of dirty) intake.committed(offset);
    return true;
  }

  async function commit(): Promise<void> {
    if (!(await commitNow())) schedule();
  }

  return {
    schedule,
    attach: (way) => void (send = way),
    commit,
    async close() {
      closed = true;
      clearTimeout(timer);
      for (let tries = 1; !(await commitNow()) && tries < LAST_TRIES; tries++) await delay(LAST_PAUSE_MS);
    },
  };
}
