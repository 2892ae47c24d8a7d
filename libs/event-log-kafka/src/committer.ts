import type { Committable } from '@hookline/event-log';
import type { Offsets } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Intake } from './intake.ts';
import type { Log } from './log.ts';

/** What is done and not committed yet is done again after a kill. */
const COMMIT_AFTER_MS = 100;
/** With so many records done it is committed at once: about as many as a dispatcher may have in flight. */
const COMMIT_AFTER_RECORDS = 1_000;
/** Where nobody waits, and to do it again does no harm. Each commit is a request to Kafka, and a record in its log. */
const PATIENT_AFTER_MS = 300;
const LAST_TRIES = 5;
const LAST_PAUSE_MS = 200;

export interface CommitterOptions {
  intakes: () => Iterable<Intake>;
  log: Log;
  enabled: boolean;
  patient: boolean;
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

export function createCommitter({ intakes, log, enabled, patient }: CommitterOptions): Committer {
  let send: ((offsets: Offsets) => Promise<void>) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let doneSince = 0;
  let sending = 0;
  let closed = false;

  function schedule(): void {
    if (closed || !enabled) return;
    if (++doneSince === COMMIT_AFTER_RECORDS && sending === 0 && !patient) void commit();
    timer ??= setTimeout(
      () => {
        timer = undefined;
        if (doneSince > 0) void commit();
      },
      patient ? PATIENT_AFTER_MS : COMMIT_AFTER_MS,
    );
  }

  /** Gives false if it failed. Everything up to the request itself happens at once: a rebalance can't come in between. */
  async function commitNow(): Promise<boolean> {
    const dirty = new Map<Intake, Committable>();
    const topics = new Map<string, { partition: number; offset: string; metadata: string }[]>();
    doneSince = 0;
    for (const intake of intakes()) {
      const what = intake.committable();
      if (what === undefined) continue;
      dirty.set(intake, what);
      const entry = { partition: intake.partition, offset: String(what.offset), metadata: what.done };
      const partitions = topics.get(intake.topic);
      if (partitions === undefined) topics.set(intake.topic, [entry]);
      else partitions.push(entry);
    }
    if (dirty.size === 0 || send === undefined || !enabled) return true;
    sending++;
    try {
      await send({ topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })) });
    } catch (error) {
      log.debug({ error: String(error) }, 'commit.failed');
      return false;
    } finally {
      sending--;
    }
    for (const [intake, what] of dirty) intake.committed(what);
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
