import { createBacklogs, type Stop, type Weighed } from '@hookline/delivery';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlacedJob } from './sequences.ts';

/** How much is in the sequences, and whose it is. */
export interface SequenceBacklog {
  added(job: PlacedJob): void;
  gone(job: PlacedJob): void;
  /** It has ended, one way or another. */
  ended(job: PlacedJob): void;
  waiting(): number;
  /** There is more than there may be. */
  overflows(): boolean;
  /** The webhook that has the most, up to a factor of two; the one that asks for more, if that has its share. */
  greediest(asking: PlacedJob): string;
  /**
   * null: go on. Otherwise wait, and then go on: there is no room, but who has most of it is about to make some, or it was put back only a moment
   * (`roundMs`) ago.
   */
  room(asking: PlacedJob, stop: Stop, roundMs: number): Promise<void> | null;
  /** Ends all waiting. */
  close(): void;
}

/** Over all partitions: beyond that the webhook with the most of them loses its latest. */
const MOST_WAITING = 50_000;
const MOST_WAITING_BYTES = 128 * 1024 * 1024;
/** A webhook that would be through with what it has in this time is waited for; others in the partition wait with it. */
const SLOW_DRAIN_MS = 30_000;
const LOOK_MS = 250;
/** So long a slower one is not looked at again. */
const REFUSE_MS = 10_000;
/** What was put back goes round through the log no faster than that. */
const ROUND_MS = 10_000;

/** What one webhook has. */
interface Held extends Weighed {
  webhookId: string;
  count: number;
  ended: number;
  refusedUntilMs: number;
}

export function createSequenceBacklog(): SequenceBacklog {
  const ofWebhook = new Map<string, Held>();
  const largest = createBacklogs<Held>();
  let waiting = 0;
  let waitingBytes = 0;
  let closed = false;

  function heldBy(webhookId: string): Held {
    let held = ofWebhook.get(webhookId);
    if (held === undefined) {
      held = { webhookId, count: 0, ended: 0, refusedUntilMs: 0, weightClass: -1 };
      ofWebhook.set(webhookId, held);
    }
    return held;
  }

  function count(job: PlacedJob, by: 1 | -1): void {
    waiting += by;
    waitingBytes += by * job.sizeBytes;
    const held = heldBy(job.webhookId);
    held.count += by;
    largest.weigh(held, held.count);
    if (held.count === 0) ofWebhook.delete(job.webhookId);
  }

  function greediest({ webhookId }: PlacedJob): Held | undefined {
    const its = ofWebhook.get(webhookId);
    return (its?.count ?? 0) * ofWebhook.size >= waiting ? its : largest.largest();
  }

  function isFull(): boolean {
    return waiting >= MOST_WAITING || waitingBytes >= MOST_WAITING_BYTES;
  }

  async function untilRoom(asking: PlacedJob, stop: Stop): Promise<void> {
    while (isFull() && !stop.aborted && !closed) {
      const held = greediest(asking);
      const before = held?.ended ?? 0;
      await sleep(LOOK_MS);
      if (held === undefined) continue;
      const throughMs = (held.count / (held.ended - before)) * LOOK_MS;
      if (throughMs <= SLOW_DRAIN_MS) continue;
      held.refusedUntilMs = performance.now() + REFUSE_MS;
      return;
    }
  }

  /** What comes behind it waits too: a failed first one, say, that is to make room. */
  async function untilNextRound(roundMs: number, stop: Stop): Promise<void> {
    const endsAtMs = performance.now() + Math.min(ROUND_MS - roundMs, ROUND_MS);
    while (isFull() && performance.now() < endsAtMs && !stop.aborted && !closed) await sleep(LOOK_MS);
  }

  return {
    added: (job) => count(job, 1),
    gone: (job) => count(job, -1),
    ended: ({ webhookId }) => void heldBy(webhookId).ended++,
    waiting: () => waiting,
    overflows: () => waiting > MOST_WAITING || waitingBytes > MOST_WAITING_BYTES,
    greediest: (asking) => greediest(asking)?.webhookId ?? asking.webhookId,
    room(asking, stop, roundMs) {
      if (!isFull()) return null;
      if (roundMs < ROUND_MS) return untilNextRound(roundMs, stop);
      return performance.now() < (greediest(asking)?.refusedUntilMs ?? 0) ? null : untilRoom(asking, stop);
    },
    close() {
      closed = true;
    },
  };
}
