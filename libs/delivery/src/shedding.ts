import type { Job } from './engine-interface.ts';
import type { Entry } from './entry.ts';
import type { Lanes } from './lanes.ts';
import type { Tally } from './tally.ts';
import type { WaitingLine } from './waiting-line.ts';
import { limitOf, nextSlotMs, type WebhookQueue } from './webhook-queue.ts';

/** What is given back to wait elsewhere. */
export interface Shedding<J extends Job> {
  /** One that has left its queue, or was in none. */
  shed(entry: Entry<J>): void;
  newest(queue: Queue<J>): void;
  /** All that waits in a queue: oldest first, a few at a time. */
  soon(queue: Queue<J>): void;
  /** What has not left yet of a queue that was to be shed stays. */
  stay(queue: Queue<J>): void;
  /** Goes on with that, where too much was not durable yet. */
  goOn(): void;
  /** All of these, and from now on everything. */
  all(queues: Iterable<Queue<J>>): void;
  isAll(): boolean;
  close(): void;
}

type Queue<J> = WebhookQueue<Entry<J>>;

/**
 * Of whole queues that are shed so many leave in each pause: what is given back costs everybody who has to do with it a good deal (a millisecond each, all
 * together), and nobody waits for it, while others wait for those cores.
 */
const AT_ONCE = 5;
const PAUSE_MS = 20;

export interface SheddingDeps<J extends Job> {
  tally: Tally;
  line: Pick<WaitingLine<J>, 'taken'>;
  lanes: Pick<Lanes<Queue<J>>, 'shareOf'>;
  /** To whom a job is given back. */
  give: (job: J, delayMs: number) => void;
  /** Nobody wants the job any more. */
  forget: (entry: Entry<J>) => void;
  endIfIdle: (queue: Queue<J>) => void;
  changed: () => void;
  /** Uniform in [0, 1). */
  random: () => number;
}

export function createShedding<J extends Job>(deps: SheddingDeps<J>): Shedding<J> {
  const { tally, line, lanes, give, forget, endIfIdle, changed, random } = deps;
  const leaving = new Set<Queue<J>>();
  let isAll = false;
  let goingOn: NodeJS.Timeout | undefined;

  function shed({ queue, job }: Entry<J>): void {
    const delayMs = isAll ? 0 : nextSlotMs(queue, atOnce(queue), performance.now(), random());
    tally.beginSettling(job);
    endIfIdle(queue);
    give(job, delayMs);
  }

  function atOnce(queue: Queue<J>): number {
    return Math.max(1, Math.min(limitOf(queue), lanes.shareOf(queue) + queue.places));
  }

  function shedWaiting(entry: Entry<J>): void {
    line.taken(entry);
    if (entry.job.lost()) return forget(entry);
    entry.state = 'settling';
    shed(entry);
  }

  function newest(queue: Queue<J>): void {
    const entry = queue.waiting.pop();
    if (entry !== undefined) shedWaiting(entry);
  }

  /** Stops where too much is not durable yet; what becomes durable goes on with it. */
  function shedSome(): void {
    goingOn = undefined;
    let left = AT_ONCE;
    for (const queue of leaving) {
      while (left > 0 && !tally.isSettling(0.5)) {
        const entry = queue.waiting.shift();
        if (entry === undefined) break;
        shedWaiting(entry);
        left--;
      }
      if (queue.waiting.length > 0) break;
      leaving.delete(queue);
    }
    goOn();
    changed();
  }

  function goOn(): void {
    if (leaving.size > 0 && !tally.isSettling(0.5)) goingOn ??= setTimeout(shedSome, PAUSE_MS);
  }

  return {
    shed,
    newest,
    soon(queue) {
      leaving.add(queue);
      goOn();
    },
    stay: (queue) => void leaving.delete(queue),
    goOn,
    all(queues) {
      isAll = true;
      for (const queue of queues) while (queue.waiting.length > 0) newest(queue);
    },
    isAll: () => isAll,
    close: () => clearTimeout(goingOn),
  };
}
