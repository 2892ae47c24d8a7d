import type { AttemptResult } from '@hookline/domain';
import { noteEnded, noteStalled } from './concurrency.ts';
import { DEFAULT_LIMITS, type Engine, type EngineLimits, type EngineOwner, type Job } from './engine-interface.ts';
import { placesOf, type Entry } from './entry.ts';
import { createLanes, QUICK, SLOW, UNKNOWN } from './lanes.ts';
import { createQueues } from './queues.ts';
import { Repeats } from './repeats.ts';
import { createRooms, type Rooms } from './rooms.ts';
import type { OutgoingRequest, Sender } from './sender.ts';
import { createShedding } from './shedding.ts';
import { Tally } from './tally.ts';
import { createUnderWay } from './under-way.ts';
import { createWaitingLine } from './waiting-line.ts';
import { laneOf, limitOf, type WebhookQueue } from './webhook-queue.ts';

export interface EngineDeps<J extends Job> {
  sender: Pick<Sender, 'send'>;
  owner: EngineOwner<J>;
  limits?: Partial<EngineLimits>;
  /** Uniform in [0, 1). */
  random?: () => number;
}

const LOOK_AT_HELD_MS = 10_000;

export function createEngine<J extends Job>({
  sender,
  owner,
  random = Math.random,
  ...deps
}: EngineDeps<J>): Engine<J> {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const live = new Map<string, Entry<J>>();
  const queues = createQueues<Entry<J>>(limits.maxIdle);
  const lanes = createLanes<WebhookQueue<Entry<J>>>(limits.maxInFlight);
  const tally = new Tally(limits);
  const line = createWaitingLine<J>({ limits, queues, lanes, tally });
  const repeats = new Repeats<J>();
  const underWay = createUnderWay<J>((queue, nowMs) => {
    noteStalled(queue.concurrency, nowMs);
    // One that is in line is moved when its turn comes.
    if (!queue.inLine) lanes.move(queue, laneOf(queue));
  });
  const rooms: Rooms = createRooms({
    full: () => tally.isFull(),
    roomy: () => tally.isRoomy(),
    watch: () => line.watchLargest(),
    stuck: () => tally.isSettling(0.5) || tooManyRepeats(),
    empty: () => tally.waiting === 0 && underWay.count() === 0 && tally.settling === 0,
    fullWaitMs: limits.fullWaitMs,
    shedMs: limits.shedMs,
  });
  const shedding = createShedding<J>({
    tally,
    line,
    lanes,
    give: (job, delayMs) => tell(() => owner.shed(job, delayMs)),
    forget,
    endIfIdle,
    changed: () => rooms.changed(),
    random,
  });
  const lookingAtHeld = setInterval(() => {
    line.joinLongHeld();
    pump();
  }, LOOK_AT_HELD_MS).unref();
  let pumping = false;

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
    line.put(entry);
    if (shedding.isAll()) shedding.newest(entry.queue);
    while (tally.isOverfull()) shedding.newest(line.largest() as WebhookQueue<Entry<J>>);
    pump();
  }

  function pump(): void {
    if (pumping) return;
    pumping = true;
    try {
      while (!tally.isSettling(1)) {
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
    if (laneOf(queue) !== queue.lane) return line.join(queue);
    const next = queue.waiting.peek();
    if (next === undefined || !line.mayHaveMore(queue)) return;
    if (!next.job.lost() && !owner.admits(next.job)) return line.hold(queue);
    queue.waiting.shift();
    line.taken(next);
    if (next.job.lost()) forget(next);
    else start(next);
    line.join(queue);
  }

  function start(entry: Entry<J>): void {
    const { queue, job } = entry;
    // Settling until there is something to send: the owner may settle it while it prepares.
    entry.state = 'settling';
    tally.beginSettling(job);
    const request = prepared(job);
    if (request === null) return endIfIdle(queue);
    tally.endSettling(job);
    entry.state = 'in flight';
    entry.startedAtMs = performance.now();
    if (queue.inFlight === 0) queue.progressAtMs = entry.startedAtMs;
    queue.inFlight++;
    queue.maxInFlight = owner.maxInFlight(job);
    lanes.take(queue, placesOf(job));
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
    const { queue, job, startedAtMs } = entry;
    const nowMs = performance.now();
    underWay.remove(entry);
    noteEnded(queue.concurrency, { result, startedAtMs, nowMs, underWay: queue.inFlight, max: queue.maxInFlight });
    queue.inFlight--;
    queue.ended++;
    queue.progressAtMs = nowMs;
    queue.isStalled = false;
    lanes.giveBack(queue, placesOf(job));
    entry.state = 'settling';
    tally.beginSettling(job);
    line.join(queue);
    endIfIdle(queue);
    tell(() => owner.attempted(job, result));
    pump();
  }

  function settled(job: J): void {
    const entry = live.get(job.deliveryId);
    if (entry === undefined || entry.job !== job || entry.state !== 'settling') return;
    live.delete(job.deliveryId);
    tally.endSettling(job);
    for (const repeat of repeats.take(job.deliveryId)) tell(() => owner.repeated(repeat, job));
    shedding.goOn();
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
    defer(job) {
      const entry = admitted(job, 'settling');
      if (entry !== null) shedding.shed(entry);
    },
    deferWaiting(webhookId) {
      const queue = queues.get(webhookId);
      if (queue !== undefined && queue.waiting.length > 0) shedding.soon(queue);
    },
    wake(webhookId) {
      const queue = queues.get(webhookId);
      if (queue === undefined) return;
      shedding.stay(queue);
      if (!queue.isHeld) return;
      queue.isHeld = false;
      line.join(queue);
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
        line.taken(entry);
        forget(entry);
      }
      pump();
    },
    shedWaiting: () => shedding.all(queues.all()),
    abortInFlight: () => underWay.abort(),
    drain: (deadlineAtMs) => rooms.emptied(deadlineAtMs),
    counts() {
      const taken = lanes.taken();
      const places = { quick: taken[QUICK]!, unknown: taken[UNKNOWN]!, slow: taken[SLOW]! };
      const { waiting, waitingBytes, settling } = tally;
      return { waiting, waitingBytes, inFlight: underWay.count(), settling, repeats: repeats.count, places };
    },
    waitingFor: (webhookId) => queues.get(webhookId)?.waiting.length ?? 0,
    startable(webhookId) {
      const queue = queues.get(webhookId);
      if (queue === undefined) return 0;
      const { waiting: own, inFlight } = queue;
      return Math.max(0, Math.min(own.length, Math.ceil(limitOf(queue)) - inFlight));
    },
    close() {
      clearInterval(lookingAtHeld);
      underWay.close();
      shedding.close();
      rooms.close();
    },
  };
}
