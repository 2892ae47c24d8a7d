import type { Clock } from '@hookline/domain';

export interface ManualClock extends Clock {
  /** Moves time on; resolves after everybody whose time has come has run, earliest first, each at its own instant. */
  advance: (ms: number) => Promise<void>;
  /** Resolves when time has been moved on by `ms`; rejects with the signal's reason when that is aborted before. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** How many sleep at the moment. */
  readonly sleeping: number;
}

interface Sleeper {
  dueMs: number;
  wake: () => void;
}

/** A clock that stands still until it is told to move. */
export function createManualClock(startMs = 0): ManualClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();

  function earliest(): Sleeper | undefined {
    let found: Sleeper | undefined;
    for (const sleeper of sleepers) if (found === undefined || sleeper.dueMs < found.dueMs) found = sleeper;
    return found;
  }

  async function advance(ms: number): Promise<void> {
    const untilMs = nowMs + ms;
    await settle();
    for (let next = earliest(); next !== undefined && next.dueMs <= untilMs; next = earliest()) {
      nowMs = Math.max(nowMs, next.dueMs);
      next.wake();
      await settle();
    }
    nowMs = untilMs;
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const finish = (done: () => void) => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', abort);
        done();
      };
      const abort = () => finish(() => reject(signal?.reason));
      const sleeper = { dueMs: nowMs + Math.max(0, ms), wake: () => finish(resolve) };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  return {
    now: () => nowMs,
    advance,
    sleep,
    get sleeping() {
      return sleepers.size;
    },
  };
}

/** Lets promises that were just settled run what waits for them. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
