import { within } from './within.ts';

const MOST_MS = 5_000;

export interface Uses {
  run: <T>(use: () => Promise<T>) => Promise<T>;
  /** Disconnects when nothing uses the connection any more. Resolves then, or after five seconds: what hangs is not waited for. */
  end: () => Promise<void>;
}

/**
 * A client of kafkajs that is disconnected while one of its calls is under way connects again for that call's next try, and then
 * stays. So the connection is ended when its last use is over.
 */
export function createUses(disconnect: () => Promise<void>): Uses {
  const uses = new Set<Promise<unknown>>();
  let ended: Promise<void> | undefined;

  async function whenUnused(): Promise<void> {
    while (uses.size > 0) await Promise.allSettled(uses);
    await disconnect().catch(() => {});
  }

  return {
    async run(use) {
      const running = use();
      uses.add(running);
      try {
        return await running;
      } finally {
        uses.delete(running);
      }
    },
    end() {
      ended ??= within(MOST_MS, whenUnused(), () => new Error('a call hangs')).catch(() => {});
      return ended;
    },
  };
}
