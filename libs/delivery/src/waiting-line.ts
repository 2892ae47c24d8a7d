import { createBacklogs } from './backlogs.ts';
import type { EngineLimits, Job } from './engine-interface.ts';
import type { Entry } from './entry.ts';
import type { Lanes } from './lanes.ts';
import type { Queues } from './queues.ts';
import type { Tally } from './tally.ts';
import { laneOf, limitOf, type WebhookQueue } from './webhook-queue.ts';

/** What waits in its webhook's queue, and which queues are in line to be served. */
export interface WaitingLine<J extends Job> {
  put(entry: Entry<J>): void;
  /** It has left its queue. */
  taken(entry: Entry<J>): void;
  /** Puts a queue in line, if there is something to be served. */
  join(queue: Queue<J>): void;
  mayHaveMore(queue: Queue<J>): boolean;
  /** Its owner doesn't want anything sent to it for now. */
  hold(queue: Queue<J>): void;
  /** Of those held for a long time, all; without asking anybody. */
  joinLongHeld(): void;
  largest(): Queue<J> | undefined;
  /** What it gives says later whether the largest backlog went down fast enough since. */
  watchLargest(): () => boolean;
}

type Queue<J> = WebhookQueue<Entry<J>>;

/** The owner is asked again about a queue that was held for so long, should nothing have woken it. */
const HELD_MS = 60_000;

export interface WaitingLineDeps<J extends Job> {
  limits: EngineLimits;
  queues: Pick<Queues<Entry<J>>, 'all'>;
  lanes: Pick<Lanes<Queue<J>>, 'join' | 'move' | 'shareOf'>;
  tally: Tally;
}

export function createWaitingLine<J extends Job>({ limits, queues, lanes, tally }: WaitingLineDeps<J>): WaitingLine<J> {
  const jobOverheadBytes = limits.maxWaitingBytes / limits.maxWaiting;
  const backlogs = createBacklogs<Queue<J>>();

  function weigh(queue: Queue<J>): void {
    backlogs.weigh(queue, queue.waitingBytes + queue.waiting.length * jobOverheadBytes);
  }

  function mayHaveMore(queue: Queue<J>): boolean {
    return queue.inFlight < limitOf(queue) && lanes.shareOf(queue) > 0;
  }

  function join(queue: Queue<J>): void {
    if (queue.inLine || queue.isHeld || queue.waiting.length === 0) return;
    const lane = laneOf(queue);
    if (lane !== queue.lane) lanes.move(queue, lane);
    if (!mayHaveMore(queue)) return;
    queue.inLine = true;
    lanes.join(queue);
  }

  return {
    put(entry) {
      const { queue, job } = entry;
      // Those that it was held for have left, or come after this one: the owner is asked about it.
      if (queue.waiting.length === 0 || job.urgent === true) queue.isHeld = false;
      if (job.urgent === true) queue.waiting.unshift(entry);
      else queue.waiting.push(entry);
      queue.waitingBytes += job.sizeBytes;
      tally.beginWaiting(job);
      weigh(queue);
      join(queue);
    },
    taken({ queue, job }) {
      queue.waitingBytes -= job.sizeBytes;
      tally.endWaiting(job);
      weigh(queue);
    },
    join,
    mayHaveMore,
    hold(queue) {
      queue.isHeld = true;
      queue.heldAtMs = performance.now();
    },
    joinLongHeld() {
      const beforeMs = performance.now() - HELD_MS;
      for (const queue of queues.all()) {
        if (!queue.isHeld || queue.heldAtMs > beforeMs) continue;
        queue.isHeld = false;
        join(queue);
      }
    },
    largest: () => backlogs.largest(),
    watchLargest() {
      const queue = backlogs.largest();
      const endedBefore = queue?.ended ?? 0;
      const sinceMs = performance.now();
      return () => {
        if (queue === undefined || queue !== backlogs.largest()) return true;
        const perMs = (queue.ended - endedBefore) / (performance.now() - sinceMs);
        return queue.waiting.length <= perMs * limits.slowDrainMs;
      };
    },
  };
}
