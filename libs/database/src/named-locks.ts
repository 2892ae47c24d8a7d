import { LockHeld } from './errors.ts';

/** Locks by name inside this process. Those who wait are served in the order in which they came. */
export interface NamedLocks {
  /** Runs `work` holding `name`; rejects with LockHeld if it isn't free within `waitMs`. */
  hold<T>(name: string, waitMs: number, work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is held. */
  idle(): Promise<void>;
}

export function createNamedLocks(): NamedLocks {
  const held = new Map<string, (() => void)[]>();

  function acquire(name: string, waitMs: number): Promise<void> {
    const waiting = held.get(name);
    if (waiting === undefined) {
      held.set(name, []);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const take = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(take), 1);
        reject(new LockHeld(`the lock "${name}" was not free within ${waitMs} ms`));
      }, waitMs);
      waiting.push(take);
    });
  }

  function release(name: string): void {
    const next = held.get(name)?.shift();
    if (next === undefined) held.delete(name);
    else next();
  }

  const underWay = new Set<Promise<unknown>>();

  async function holdOnce<T>(name: string, waitMs: number, work: () => Promise<T>): Promise<T> {
    await acquire(name, waitMs);
    try {
      return await work();
    } finally {
      release(name);
    }
  }

  return {
    async hold(name, waitMs, work) {
      const held = holdOnce(name, waitMs, work);
      underWay.add(held);
      try {
        return await held;
      } finally {
        underWay.delete(held);
      }
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
