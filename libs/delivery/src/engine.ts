import type { AttemptResult } from '@hookline/domain';
import { createBacklogs } from './backlogs.ts';
import { noteEnded, noteStalled } from './concurrency.ts';
import { DEFAULT_LIMITS, type Engine, type EngineLimits, type EngineOwner, type Job } from './engine-interface.ts';
import { createLanes, QUICK, SLOW, UNKNOWN } from './lanes.ts';
import { createQueues } from './queues.ts';
import { Repeats } from './repeats.ts';
import { createRooms, type Rooms } from './rooms.ts';
import type { OutgoingRequest, Sender, Sending } from './sender.ts';
import { isOverdue, laneOf, limitOf, nextSlotMs, type WebhookQueue } from './webhook-queue.ts';

interface Entry<J> {
  readonly job: J;
  readonly queue: WebhookQueue<Entry<J>>;
  state: 'waiting' | 'in flight' | 'settling';
  sending: Sending | null;
  startedAtMs: number;
}

export interface EngineDeps<J extends Job> {
  sender: Pick<Sender, 'send'>;
  owner: EngineOwner<J>;
  limits?: Partial<EngineLimits>;
  /** Uniform in [0, 1). */
  random?: () => number;
}

/** A place is a request of up to so many bytes; a larger one takes several. */
const PLACE_BYTES = 64 * 1024;
const LOOK_MS = 250;
/** The owner is asked again about a queue that was held for so long, should nothing have woken it. */
const HELD_MS = 60_000;
const LOOK_AT_HELD_MS = 10_000;
/** Shed in one go when a whole queue is: the others' turns come in between. */
const DEFERRED_AT_ONCE = 250;

export function createEngine<J extends Job>({
  sender,
  owner,
  random = Math.random,
  ...deps
}: EngineDeps<J>): Engine<J> {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const jobOverheadBytes = limits.maxWaitingBytes / limits.maxWaiting;
  const live = new Map<string, Entry<J>>();
  const queues = createQueues<Entry<J>>(limits.maxIdle);
  const lanes = createLanes<WebhookQueue<Entry<J>>>(limits.maxInFlight);
  const backlogs = createBacklogs<WebhookQueue<Entry<J>>>();
  const repeats = new Repeats<J>();
  /** In the order of their start. */
  const underWay = new Set<Entry<J>>();
  const deferring = new Set<WebhookQueue<Entry<J>>>();
  let waiting = 0;
  let waitingBytes = 0;
  let settling = 0;
  let settlingBytes = 0;
  let sheddingAll = false;
  let pumping = false;
  let deferSoon: NodeJS.Immediate | undefined;
  let looking: NodeJS.Timeout | undefined;
  let lookedAtMs = 0;

  const rooms: Rooms = createRooms({
    full: () => waiting >= limits.maxWaiting || waitingBytes >= limits.maxWaitingBytes,
    roomy: () => waiting <= limits.maxWaiting * 0.9 && waitingBytes <= limits.maxWaitingBytes * 0.9,
    watch: watchLargest,
    stuck: () => isSettling(0.5) || tooManyRepeats(),
    empty: () => waiting === 0 && underWay.size === 0 && settling === 0,
    fullWaitMs: limits.fullWaitMs,
    shedMs: limits.shedMs,
  });

  const lookingAtHeld = setInterval(wakeLongHeld, LOOK_AT_HELD_MS).unref();

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

  /** The outcome of so much is not durable yet that there is no sense in making more of it: intake stops before sending does. */
  function isSettling(share: number): boolean {
    return settling >= limits.maxSettling * share || settlingBytes >= limits.maxSettlingBytes * share;
  }

  /** Repeats go when their firsts have gone: they hold back intake, and never what makes the firsts go. */
  function tooManyRepeats(): boolean {
    return repeats.count >= limits.maxSettling || repeats.bytes >= limits.maxSettlingBytes;
  }

  /** The entry of a job that is new here; null for one that waits until the first of its delivery is settled. */
  function admitted(job: J, state: Entry<J>['state']): Entry<J> | null {
    const first = live.get(job.deliveryId);
    if (first !== undefined) {
      if (first.job.lost() || !owner.covered(job, first.job)) repeats.keep(job);
      return null;
    }
    const entry: Entry<J> = { job, queue: queues.of(job), state, sending: null, startedAtMs: 0 };
    live.set(job.deliveryId, entry);
    return entry;
  }

  function submit(job: J): void {
    const entry = admitted(job, 'waiting');
    if (entry === null) return;
    enqueue(entry);
    if (sheddingAll) shedNewest(entry.queue);
    while (waiting > limits.maxWaiting || waitingBytes > limits.maxWaitingBytes) {
      shedNewest(backlogs.largest() as WebhookQueue<Entry<J>>);
    }
    pump();
  }

  function defer(job: J): void {
    const entry = admitted(job, 'settling');
    if (entry !== null) shed(entry);
  }

  function enqueue(entry: Entry<J>): void {
    const { queue, job } = entry;
    // Those that it was held for have left, or come after this one: the owner is asked about it.
    if (queue.waiting.length === 0 || job.urgent === true) queue.isHeld = false;
    if (job.urgent === true) queue.waiting.unshift(entry);
    else queue.waiting.push(entry);
    queue.waitingBytes += job.sizeBytes;
    waiting++;
    waitingBytes += job.sizeBytes;
    weigh(queue);
    joinLine(queue);
  }

  function dequeued({ queue, job }: Entry<J>): void {
    queue.waitingBytes -= job.sizeBytes;
    waiting--;
    waitingBytes -= job.sizeBytes;
    weigh(queue);
  }

  function weigh(queue: WebhookQueue<Entry<J>>): void {
    backlogs.weigh(queue, queue.waitingBytes + queue.waiting.length * jobOverheadBytes);
  }

  function mayHaveMore(queue: WebhookQueue<Entry<J>>): boolean {
    return queue.inFlight < limitOf(queue) && lanes.shareOf(queue) > 0;
  }

  function joinLine(queue: WebhookQueue<Entry<J>>): void {
    if (queue.inLine || queue.isHeld || queue.waiting.length === 0) return;
    const lane = laneOf(queue);
    if (lane !== queue.lane) lanes.move(queue, lane);
    if (!mayHaveMore(queue)) return;
    queue.inLine = true;
    lanes.join(queue);
  }

  function pump(): void {
    if (pumping) return;
    pumping = true;
    try {
      while (!isSettling(1)) {
        const queue = lanes.next();
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
    // What it may have, or its lane, may have changed since it joined; what it has in flight brings it back when it ends.
    if (laneOf(queue) !== queue.lane) return joinLine(queue);
    const next = queue.waiting.peek();
    if (next === undefined || !mayHaveMore(queue)) return;
    if (!next.job.lost() && !owner.admits(next.job)) return hold(queue);
    queue.waiting.shift();
    dequeued(next);
    if (next.job.lost()) forget(next);
    else start(next);
    joinLine(queue);
  }

  function hold(queue: WebhookQueue<Entry<J>>): void {
    queue.isHeld = true;
    queue.heldAtMs = performance.now();
  }

  function wakeLongHeld(): void {
    const beforeMs = performance.now() - HELD_MS;
    for (const queue of queues.all()) {
      if (!queue.isHeld || queue.heldAtMs > beforeMs) continue;
      queue.isHeld = false;
      joinLine(queue);
    }
    pump();
  }

  function start(entry: Entry<J>): void {
    const { queue, job } = entry;
    // Settling until there is something to send: the owner may settle it while it prepares.
    entry.state = 'settling';
    beginSettling(job);
    const request = prepared(job);
    if (request === null) return endIfIdle(queue);
    endSettling(job);
    entry.state = 'in flight';
    entry.startedAtMs = performance.now();
    if (queue.inFlight === 0) queue.progressAtMs = entry.startedAtMs;
    queue.inFlight++;
    queue.maxInFlight = owner.maxInFlight(job);
    lanes.take(queue, placesOf(job));
    underWay.add(entry);
    look();
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
    const { queue, job, startedAtMs } = entry;
    const nowMs = performance.now();
    underWay.delete(entry);
    noteEnded(queue.concurrency, {
      result,
      startedAtMs,
      nowMs,
      underWay: queue.inFlight,
      max: queue.maxInFlight,
    });
    queue.inFlight--;
    queue.ended++;
    queue.progressAtMs = nowMs;
    queue.isStalled = false;
    lanes.giveBack(queue, placesOf(job));
    entry.state = 'settling';
    beginSettling(job);
    joinLine(queue);
    endIfIdle(queue);
    tell(() => owner.attempted(job, result));
    pump();
  }

  /** A receiver that has gone silent shows only by what does not happen. One timer looks at the oldest requests under way. */
  function look(): void {
    if (looking !== undefined) return;
    lookedAtMs = performance.now();
    looking = setInterval(() => {
      const nowMs = performance.now();
      // Late itself: the answers that came meanwhile have not been read yet.
      const isLate = nowMs - lookedAtMs > 2 * LOOK_MS;
      lookedAtMs = nowMs;
      if (!isLate) markStalled(nowMs);
      if (underWay.size > 0) return;
      clearInterval(looking);
      looking = undefined;
    }, LOOK_MS);
    looking.unref();
  }

  function markStalled(nowMs: number): void {
    for (const { queue, startedAtMs } of underWay) {
      if (nowMs - startedAtMs < LOOK_MS) break;
      if (queue.isStalled || !isOverdue(queue, nowMs)) continue;
      queue.isStalled = true;
      noteStalled(queue.concurrency, nowMs);
      // One that is in line is moved when its turn comes.
      if (!queue.inLine) lanes.move(queue, laneOf(queue));
    }
  }

  function shedNewest(queue: WebhookQueue<Entry<J>>): void {
    const entry = queue.waiting.pop();
    if (entry !== undefined) shedWaiting(entry);
  }

  function shedWaiting(entry: Entry<J>): void {
    dequeued(entry);
    if (entry.job.lost()) return forget(entry);
    entry.state = 'settling';
    shed(entry);
  }

  function shed({ queue, job }: Entry<J>): void {
    const delayMs = sheddingAll ? 0 : nextSlotMs(queue, atOnce(queue), performance.now(), random());
    beginSettling(job);
    endIfIdle(queue);
    tell(() => owner.shed(job, delayMs));
  }

  function atOnce(queue: WebhookQueue<Entry<J>>): number {
    return Math.max(1, Math.min(limitOf(queue), lanes.shareOf(queue) + queue.places));
  }

  /** Stops where too much is not durable yet; what becomes durable goes on with it. */
  function deferSome(): void {
    deferSoon = undefined;
    let left = DEFERRED_AT_ONCE;
    for (const queue of deferring) {
      while (left > 0 && !isSettling(0.5)) {
        const entry = queue.waiting.shift();
        if (entry === undefined) break;
        shedWaiting(entry);
        left--;
      }
      if (queue.waiting.length > 0) break;
      deferring.delete(queue);
    }
    goOnDeferring();
    rooms.changed();
  }

  function goOnDeferring(): void {
    if (deferring.size > 0 && !isSettling(0.5)) deferSoon ??= setImmediate(deferSome);
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
    for (const repeat of repeats.take(job.deliveryId)) tell(() => owner.repeated(repeat, job));
    goOnDeferring();
    pump();
  }

  /** A waiting job that nobody wants any more. A repeat that is wanted takes its place. */
  function forget({ job, queue }: Entry<J>): void {
    live.delete(job.deliveryId);
    endIfIdle(queue);
    for (const repeat of repeats.take(job.deliveryId)) if (!repeat.lost()) submit(repeat);
  }

  function endIfIdle(queue: WebhookQueue<Entry<J>>): void {
    if (queue.waiting.length === 0 && queue.inFlight === 0) queues.isIdle(queue);
  }

  return {
    submit,
    defer,
    deferWaiting(webhookId) {
      const queue = queues.get(webhookId);
      if (queue === undefined || queue.waiting.length === 0) return;
      deferring.add(queue);
      goOnDeferring();
    },
    wake(webhookId) {
      const queue = queues.get(webhookId);
      if (queue === undefined || !queue.isHeld) return;
      queue.isHeld = false;
      joinLine(queue);
      pump();
    },
    settled,
    room: (signal) => rooms.wait(signal),
    dropLost() {
      const dropped: Entry<J>[] = [];
      for (const queue of queues.all()) {
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
      for (const queue of queues.all()) while (queue.waiting.length > 0) shedNewest(queue);
    },
    abortInFlight() {
      for (const entry of underWay) entry.sending?.abort();
    },
    drain: (deadlineAtMs) => rooms.emptied(deadlineAtMs),
    counts() {
      const taken = lanes.taken();
      const places = { quick: taken[QUICK]!, unknown: taken[UNKNOWN]!, slow: taken[SLOW]! };
      return { waiting, waitingBytes, inFlight: underWay.size, settling, repeats: repeats.count, places };
    },
    waitingFor: (webhookId) => queues.get(webhookId)?.waiting.length ?? 0,
    startable(webhookId) {
      const queue = queues.get(webhookId);
      if (queue === undefined) return 0;
      const { waiting: own, inFlight } = queue;
      return Math.max(0, Math.min(own.length, Math.ceil(limitOf(queue)) - inFlight));
    },
    close() {
      clearInterval(looking);
      clearInterval(lookingAtHeld);
      clearImmediate(deferSoon);
      rooms.close();
    },
  };
}

function placesOf({ sizeBytes }: Job): number {
  return 1 + Math.floor(sizeBytes / PLACE_BYTES);
}
