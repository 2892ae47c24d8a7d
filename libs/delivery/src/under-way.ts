import type { Job } from './engine-interface.ts';
import type { Entry } from './entry.ts';
import { isOverdue, type WebhookQueue } from './webhook-queue.ts';

/** Requests that have been made and have not ended. */
export interface UnderWay<J extends Job> {
  add(entry: Entry<J>): void;
  remove(entry: Entry<J>): void;
  count(): number;
  abort(): void;
  close(): void;
}

const LOOK_MS = 250;

/**
 * A receiver that has gone silent shows only by what does not happen. One timer looks at the oldest requests under way.
 * @param stalled the receiver of this queue has stopped answering; it is told once, until one of its requests ends
 */
export function createUnderWay<J extends Job>(
  stalled: (queue: WebhookQueue<Entry<J>>, nowMs: number) => void,
): UnderWay<J> {
  /** In the order of their start. */
  const entries = new Set<Entry<J>>();
  let looking: NodeJS.Timeout | undefined;
  let lookedAtMs = 0;

  function look(): void {
    if (looking !== undefined) return;
    lookedAtMs = performance.now();
    looking = setInterval(() => {
      const nowMs = performance.now();
      // Late itself: the answers that came meanwhile have not been read yet.
      const isLate = nowMs - lookedAtMs > 2 * LOOK_MS;
      lookedAtMs = nowMs;
      if (!isLate) markStalled(nowMs);
      if (entries.size > 0) return;
      clearInterval(looking);
      looking = undefined;
    }, LOOK_MS);
    looking.unref();
  }

  function markStalled(nowMs: number): void {
    for (const { queue, startedAtMs } of entries) {
      if (nowMs - startedAtMs < LOOK_MS) break;
      if (queue.isStalled || !isOverdue(queue, nowMs)) continue;
      queue.isStalled = true;
      stalled(queue, nowMs);
    }
  }

  return {
    add(entry) {
      entries.add(entry);
      look();
    },
    remove: (entry) => void entries.delete(entry),
    count: () => entries.size,
    abort() {
      for (const entry of entries) entry.sending?.abort();
    },
    close: () => clearInterval(looking),
  };
}
