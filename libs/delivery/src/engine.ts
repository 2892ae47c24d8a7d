import type { AttemptResult } from '@hookline/domain';
import { createBacklogs } from './backlogs.ts';
import { DEFAULT_LIMITS, type Engine, type EngineLimits, type EngineOwner, type Job } from './engine-interface.ts';
import { createFifo } from './fifo.ts';
import { createRooms, type Rooms } from './rooms.ts';
import type { OutgoingRequest, Sender, Sending } from './sender.ts';
import { createWebhookQueue, nextSlotMs, noteEnded, type WebhookQueue } from './webhook-queue.ts';

interface Entry<J> {
  readonly job: J;
  readonly queue: WebhookQueue<Entry<J>>;
  state: 'waiting' | 'in flight' | 'settling';
  sending: Sending | null;
  /** The same delivery again. */
  repeats: J[] | null;
}

export interface EngineDeps<J extends Job> {
  sender: Pick<Sender, 'send'>;
  owner: EngineOwner<J>;
  limits?: Partial<EngineLimits>;
  /** Uniform in [0, 1). */
  random?: () => number;
}

export function createEngine<J extends Job>({
  sender,
  owner,
  random = Math.random,
  ...deps
}: EngineDeps<J>): Engine<J> {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const jobOverheadBytes = limits.maxWaitingBytes / limits.maxWaiting;
  const live = new Map<string, Entry<J>>();
  const queues = new Map<string, WebhookQueue<Entry<J>>>();
  const line = createFifo<WebhookQueue<Entry<J>>>();
  const backlogs = createBacklogs<WebhookQueue<Entry<J>>>();
  const underWay = new Set<Entry<J>>();
  let waiting = 0;
  let waitingBytes = 0;
  let settling = 0;
  let settlingBytes = 0;
  let repeats = 0;
  let repeatBytes = 0;
  let sheddingAll = false;
  let pumping = false;

  const rooms: Rooms = createRooms({
    full: () => waiting >= limits.maxWaiting || waitingBytes >= limits.maxWaitingBytes,
    roomy: () => waiting <= limits.maxWaiting * 0.9 && waitingBytes <= limits.maxWaitingBytes * 0.9,
    watch: watchLargest,
    stuck: () => stuck() || tooManyRepeats(),
    empty: () => waiting === 0 && underWay.size === 0 && settling === 0,
    fullWaitMs: limits.fullWaitMs,
    shedMs: limits.shedMs,
  });

  function watchLargest(): () => boolean {
    const queue = backlogs.largest();
    const endedBefore = queue?.ended ?? 0;
    const sinceMs = performance.now();
    return () => {
      if (queue === undefined || queue !== backlogs.largest()) return true;
      const perMs = (queue.ended - endedBefore) / (performance.now() - sinceMs);
      return queue.waiting.length <= perMs * limits.slowDrainMs;
    };
  }

  /** The outcome of much is not durable yet: there is no sense in making more of it. */
  function stuck(): boolean {
    return settling >= limits.maxSettling || settlingBytes >= limits.maxWaitingBytes;
  }

  /** Repeats go when their firsts have gone: they hold back intake, and never what makes the firsts go. */
  function tooManyRepeats(): boolean {
    return repeats >= limits.maxSettling || repeatBytes >= limits.maxWaitingBytes;
  }

  /**
   * A webhook may have an eighth of the places that are left: however many receivers hang, they leave some for the others
   * (dynamic thresholds, as in the shared buffers of switches).
   */
  function limitOf(): number {
    return Math.max(1, Math.min(limits.maxInFlightPerWebhook, (limits.maxInFlight - underWay.size) / 8));
  }

  function submit(job: J): void {
    const first = live.get(job.deliveryId);
    if (first !== undefined) return keepRepeat(first, job);
    const entry: Entry<J> = { job, queue: queueOf(job.webhookId), state: 'waiting', sending: null, repeats: null };
    live.set(job.deliveryId, entry);
    enqueue(entry);
    if (sheddingAll) shedNewest(entry.queue);
    while (waiting > limits.maxWaiting || waitingBytes > limits.maxWaitingBytes) {
      shedNewest(backlogs.largest() as WebhookQueue<Entry<J>>);
    }
    pump();
  }

  function keepRepeat(first: Entry<J>, job: J): void {
    if (!first.job.lost() && owner.covered(job, first.job)) return;
    (first.repeats ??= []).push(job);
    repeats++;
    repeatBytes += job.sizeBytes;
  }

  function takeRepeats(first: Entry<J>): readonly J[] {
    const taken = first.repeats ?? [];
    first.repeats = null;
    repeats -= taken.length;
    for (const { sizeBytes } of taken) repeatBytes -= sizeBytes;
    return taken;
  }

  function queueOf(webhookId: string): WebhookQueue<Entry<J>> {
    let queue = queues.get(webhookId);
    if (queue === undefined) {
      queue = createWebhookQueue(webhookId, performance.now());
      queues.set(webhookId, queue);
    }
    return queue;
  }

  function enqueue(entry: Entry<J>): void {
    const { queue, job } = entry;
    queue.waiting.push(entry);
    queue.waitingBytes += job.sizeBytes;
    waiting++;
    waitingBytes += job.sizeBytes;
    weigh(queue);
    joinLine(queue);
  }

  function dequeued(entry: Entry<J>): void {
    const { queue, job } = entry;
    queue.waitingBytes -= job.sizeBytes;
    waiting--;
    waitingBytes -= job.sizeBytes;
    weigh(queue);
  }

  function weigh(queue: WebhookQueue<Entry<J>>): void {
    backlogs.weigh(queue, queue.waitingBytes + queue.waiting.length * jobOverheadBytes);
  }

  function joinLine(queue: WebhookQueue<Entry<J>>): void {
    if (queue.inLine || queue.waiting.length === 0 || queue.inFlight >= limitOf()) return;
    queue.inLine = true;
    line.push(queue);
  }

  function pump(): void {
    if (pumping) return;
    pumping = true;
    try {
      while (underWay.size < limits.maxInFlight && !stuck()) {
        const queue = line.shift();
        if (queue === undefined) break;
        queue.inLine = false;
        serve(queue);
      }
    } finally {
      pumping = false;
    }
    rooms.changed();
  }

  function serve(queue: WebhookQueue<Entry<J>>): void {
    // The limit may have sunk since it joined; what it has in flight brings it back when it ends.
    if (queue.inFlight >= limitOf()) return;
    const entry = queue.waiting.shift();
    if (entry === undefined) return;
    dequeued(entry);
    if (entry.job.lost()) forget(entry);
    else start(entry);
    joinLine(queue);
  }

  function start(entry: Entry<J>): void {
    // Settling until there is something to send: the owner may settle it while it prepares.
    entry.state = 'settling';
    beginSettling(entry.job);
    const request = prepared(entry.job);
    if (request === null) return endIfIdle(entry.queue);
    endSettling(entry.job);
    entry.state = 'in flight';
    entry.queue.inFlight++;
    underWay.add(entry);
    entry.sending = sender.send(request, (result) => ended(entry, result));
  }

  function prepared(job: J): OutgoingRequest | null {
    try {
      return owner.prepare(job);
    } catch (error) {
      owner.broken(error as Error);
      return null;
    }
  }

  /** What the owner breaks off must not break off what the engine has begun. */
  function tell(what: () => void): void {
    try {
      what();
    } catch (error) {
      owner.broken(error as Error);
    }
  }

  function ended(entry: Entry<J>, result: AttemptResult): void {
    const { queue, job } = entry;
    underWay.delete(entry);
    queue.inFlight--;
    noteEnded(queue, result.durationMs, performance.now());
    entry.state = 'settling';
    beginSettling(job);
    joinLine(queue);
    endIfIdle(queue);
    tell(() => owner.attempted(job, result));
    pump();
  }

  function shedNewest(queue: WebhookQueue<Entry<J>>): void {
    const entry = queue.waiting.pop();
    if (entry === undefined) return;
    if (entry.job.lost()) {
      dequeued(entry);
      forget(entry);
      return;
    }
    const delayMs = sheddingAll ? 0 : nextSlotMs(queue, limitOf(), performance.now(), random());
    dequeued(entry);
    entry.state = 'settling';
    beginSettling(entry.job);
    endIfIdle(queue);
    tell(() => owner.shed(entry.job, delayMs));
  }

  function beginSettling(job: J): void {
    settling++;
    settlingBytes += job.sizeBytes;
  }

  function endSettling(job: J): void {
    settling--;
    settlingBytes -= job.sizeBytes;
  }

  function settled(job: J): void {
    const entry = live.get(job.deliveryId);
    if (entry === undefined || entry.job !== job || entry.state !== 'settling') return;
    live.delete(job.deliveryId);
    endSettling(job);
    for (const repeat of takeRepeats(entry)) tell(() => owner.repeated(repeat, job));
    pump();
  }

  /** A waiting job that nobody wants any more. A repeat that is wanted takes its place. */
  function forget(entry: Entry<J>): void {
    live.delete(entry.job.deliveryId);
    endIfIdle(entry.queue);
    for (const repeat of takeRepeats(entry)) if (!repeat.lost()) submit(repeat);
  }

  function endIfIdle(queue: WebhookQueue<Entry<J>>): void {
    if (queue.waiting.length === 0 && queue.inFlight === 0) queues.delete(queue.webhookId);
  }

  return {
    submit,
    settled,
    room: (signal) => rooms.wait(signal),
    dropLost() {
      const dropped: Entry<J>[] = [];
      for (const queue of queues.values()) {
        queue.waiting.filter((entry) => {
          if (!entry.job.lost()) return true;
          dropped.push(entry);
          return false;
        });
      }
      for (const entry of dropped) {
        dequeued(entry);
        forget(entry);
      }
      pump();
    },
    shedWaiting() {
      sheddingAll = true;
      for (const queue of queues.values()) while (queue.waiting.length > 0) shedNewest(queue);
    },
    abortInFlight() {
      for (const entry of underWay) entry.sending?.abort();
    },
    drain: (deadlineAtMs) => rooms.emptied(deadlineAtMs),
    counts: () => ({ waiting, waitingBytes, inFlight: underWay.size, settling, repeats }),
    close: () => rooms.close(),
  };
}
