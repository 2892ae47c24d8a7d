import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '@hookline/event-log';
import { within, type Log } from '@hookline/service-kit';

/** Tells when the tables hold everything that had been accepted at some moment. */
export interface CatchUp {
  /** Resolves with true once all that is in the topic now has been dealt with by the group; with false after the deadline. */
  reached(deadlineMs: number): Promise<boolean>;
  /** More has been dealt with: time to look. */
  progressed(): void;
  /** Answers everybody who waits with false. */
  close(): void;
}

export interface CatchUpDeps {
  eventLog: EventLog;
  topic: string;
  group: string;
  /** Commits what this member has dealt with: until then nobody can see it. */
  commit: () => Promise<void>;
  log: Log;
}

const POLL_MS = 25;
const MAX_POLL_MS = 250;

interface Waiter {
  /** Per partition, what has to be committed. */
  ends: number[];
  /** Partitions without a record have been found, and are not waited for. */
  trimmed: boolean;
  expiresAtMs: number;
  answer: (reached: boolean) => void;
}

export function createCatchUp({ eventLog, topic, group, commit, log }: CatchUpDeps): CatchUp {
  const waiters = new Set<Waiter>();
  let watching = false;
  let closed = false;
  let wake = new AbortController();

  /** One look for all who wait; by itself often at first, then seldom, and at once when there is progress here. */
  async function watch(): Promise<void> {
    for (let pauseMs = POLL_MS; waiters.size > 0; pauseMs = Math.min(pauseMs * 1.5, MAX_POLL_MS)) {
      wake = new AbortController();
      try {
        await look();
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'catch-up.failed');
      }
      const nowMs = performance.now();
      for (const waiter of waiters) if (waiter.expiresAtMs <= nowMs) settle(waiter, false);
      if (waiters.size > 0) await sleep(pauseMs, undefined, { signal: wake.signal }).catch(() => {});
    }
    watching = false;
  }

  async function look(): Promise<void> {
    const soonest = Math.min(...[...waiters].map(({ expiresAtMs }) => expiresAtMs));
    const leftMs = Math.max(1, soonest - performance.now());
    await within(leftMs, 'the commit', commit());
    const committed = await within(leftMs, 'the event log', eventLog.committed(group, topic));
    const settleReached = () => {
      for (const waiter of waiters) {
        if (waiter.ends.every((end, at) => end <= (committed[at] ?? 0))) settle(waiter, true);
      }
    };
    settleReached();
    const untrimmed = [...waiters].filter(({ trimmed }) => !trimmed);
    if (untrimmed.length === 0) return;
    // Of a partition whose records have all expired nothing may ever be committed.
    const first = await within(leftMs, 'the event log', eventLog.offsetsAt(topic, 0));
    for (const waiter of untrimmed) {
      waiter.ends = waiter.ends.map((end, at) => ((first[at] ?? 0) >= end ? 0 : end));
      waiter.trimmed = true;
    }
    settleReached();
  }

  function settle(waiter: Waiter, reached: boolean): void {
    waiters.delete(waiter);
    waiter.answer(reached);
  }

  return {
    async reached(deadlineMs) {
      const expiresAtMs = performance.now() + deadlineMs;
      let ends: number[];
      try {
        // The log itself makes one call of many, each from after it was asked.
        ends = await within(deadlineMs, 'the event log', eventLog.endOffsets(topic));
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'catch-up.failed');
        return false;
      }
      if (closed) return false;
      return new Promise((answer) => {
        waiters.add({ ends, trimmed: false, expiresAtMs, answer });
        if (watching) return;
        watching = true;
        void watch();
      });
    },
    progressed: () => wake.abort(),
    close() {
      closed = true;
      for (const waiter of waiters) settle(waiter, false);
      wake.abort();
    },
  };
}
