import { closeRecord, type DeliveryJob } from './job.ts';
import type { PlacedJob, SequencesDeps } from './sequences.ts';

/**
 * The deliveries of one (webhook, key), by their places:
 *
 *   waiting ─► sent ─► gone                     it ended, one way or another: the next
 *      ▲ ▲       └───► away ─► (waiting again)  it goes on: nothing starts before its new record has been read
 *      │ └─ moved ◄─ moving ◄─ waiting          it was appended again where it is: it keeps its place until that record has been read
 *      └─── put back ◄──────── waiting          there was no room: only its place is known until its new record has been read
 */
export interface Sequence {
  /** False: it is here already, or on its way back under another record. */
  put(job: PlacedJob): boolean;
  /** Sends the first, if nothing keeps it. */
  start(): void;
  /** Removes the latest that waits. */
  takeLast(): PlacedJob | undefined;
  /** Removes one that waits; false: it doesn't. */
  take(job: PlacedJob): boolean;
  /** What was taken comes again under another record: nothing behind it starts before. */
  putBack(place: number): void;
  /** What was put back, or moved, does not come again: it fits nowhere. The next. */
  lose(place: number): void;
  /** Whether it is one that was put back. */
  awaits(place: number): boolean;
  /** Its webhook is paused no more: what waited for that goes on. */
  resume(): void;
  /** Some that were put back have not come again. */
  isIncomplete(): boolean;
  close(): void;
}

export interface SequenceDeps extends Pick<SequencesDeps, 'submit' | 'nextAttempt' | 'isPaused' | 'clock'> {
  mayStart: () => boolean;
  /** The job is none of the sequence any more. */
  left: (job: PlacedJob) => void;
  /** It has ended, one way or another. */
  over: (job: PlacedJob) => void;
  /** Nothing is left. */
  ended: () => void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function createSequence(deps: SequenceDeps): Sequence {
  const { submit, nextAttempt, isPaused, clock, mayStart, left, over, ended } = deps;
  /** Ascending. */
  const waiting: PlacedJob[] = [];
  const byDelivery = new Map<string, PlacedJob>();
  let sent: PlacedJob | null = null;
  let away: PlacedJob | null = null;
  /** The next record of the one that is being sent: read before it was known here that it is in the log. */
  let early: PlacedJob | null = null;
  /** Places of those that were put back, ascending. */
  const elsewhere: number[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  function put(job: PlacedJob): boolean {
    const { place } = job.order;
    if (isElsewhere(place)) elsewhere.splice(indexElsewhere(place), 1);
    if (away?.deliveryId === job.deliveryId) {
      if (away.order.place !== place) return false;
      away = null;
    }
    let held = byDelivery.get(job.deliveryId);
    // Its event was handed over twice, and of the two the first place counts, whichever is read first.
    if (held !== undefined && held.order.place > place && take(held)) {
      drop(held);
      held = undefined;
    }
    if (held !== undefined && held.order.place !== place) return false;
    if (held !== undefined && held === sent) return putEarly(job);
    byDelivery.set(job.deliveryId, job);
    if (held === undefined) insert(job);
    else replace(held, job);
    return true;
  }

  function putEarly(job: PlacedJob): boolean {
    if (early !== null && early.attempt > job.attempt) return false;
    if (early !== null) drop(early);
    early = job;
    return true;
  }

  function drop(job: PlacedJob): void {
    closeRecord(job.record);
    left(job);
  }

  function insert(job: PlacedJob): void {
    waiting.splice(indexOf(job.order.place), 0, job);
    if (waiting[0] === job) stopTimer();
  }

  /** Of several records of one place the last counts. */
  function replace(held: PlacedJob, job: PlacedJob): void {
    const index = indexOf(job.order.place);
    waiting[index] = job;
    if (index === 0) stopTimer();
    const isOpen = held.order.state !== 'moved';
    held.order.state = 'moved';
    if (isOpen) drop(held);
  }

  function indexOf(place: number): number {
    return firstFrom(place, waiting.length, (index) => waiting[index]!.order.place);
  }

  function indexElsewhere(place: number): number {
    return firstFrom(place, elsewhere.length, (index) => elsewhere[index]!);
  }

  function isElsewhere(place: number): boolean {
    return elsewhere.length > 0 && elsewhere[indexElsewhere(place)] === place;
  }

  function take(job: PlacedJob): boolean {
    if (isOver || job.order.state !== 'waiting') return false;
    const index = indexOf(job.order.place);
    if (waiting[index] !== job) return false;
    waiting.splice(index, 1);
    byDelivery.delete(job.deliveryId);
    job.order.state = 'sent';
    if (index === 0) stopTimer();
    return true;
  }

  function endIfEmpty(): void {
    if (waiting.length === 0 && elsewhere.length === 0 && sent === null && away === null) ended();
  }

  function stopTimer(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  function start(): void {
    if (isOver || sent !== null || away !== null || timer !== undefined || !mayStart()) return;
    const first = waiting[0];
    if (first === undefined) return endIfEmpty();
    if (first.order.state !== 'waiting' || (elsewhere[0] ?? Infinity) < first.order.place) return;
    const waitMs = first.order.dueAtMs - clock.now();
    if (waitMs > 0 && !(first.order.isPaused && !isPaused(first.webhookId))) {
      timer = setTimeout(
        () => {
          timer = undefined;
          start();
        },
        Math.min(waitMs, LONGEST_TIMER_MS),
      );
      return;
    }
    waiting.shift();
    sent = first;
    first.order.state = 'sent';
    first.order.closed = closed;
    submit(first);
  }

  function closed(job: DeliveryJob): void {
    if (isOver || sent !== job) return;
    const gone = sent;
    sent = null;
    byDelivery.delete(job.deliveryId);
    // After an attempt by hand that failed, its retries wait in the schedule: none of its records comes back to here.
    const next = gone.order.state === 'superseded' ? Infinity : (nextAttempt(job.deliveryId) ?? Infinity);
    if (next === Infinity) over(gone);
    left(gone);
    goOn(gone, next);
    // The engine has to forget the delivery first: the next may be the same.
    queueMicrotask(start);
  }

  function goOn(gone: PlacedJob, next: number): void {
    const back = early;
    early = null;
    if (next !== Infinity && back !== null && back.attempt >= next) {
      byDelivery.set(back.deliveryId, back);
      insert(back);
      return;
    }
    if (back !== null) drop(back);
    if (next !== Infinity) away = gone;
  }

  return {
    put,
    start,
    takeLast() {
      const last = waiting.at(-1);
      return last !== undefined && take(last) ? last : undefined;
    },
    take,
    putBack(place) {
      if (!isElsewhere(place)) elsewhere.splice(indexElsewhere(place), 0, place);
    },
    lose(place) {
      if (isElsewhere(place)) elsewhere.splice(indexElsewhere(place), 1);
      const index = indexOf(place);
      const moved = waiting[index];
      if (moved?.order.place === place && moved.order.state === 'moved') {
        waiting.splice(index, 1);
        byDelivery.delete(moved.deliveryId);
        if (index === 0) stopTimer();
      }
      start();
    },
    awaits: isElsewhere,
    isIncomplete: () => elsewhere.length > 0,
    resume() {
      stopTimer();
      start();
    },
    close() {
      isOver = true;
      stopTimer();
    },
  };
}

/** The first index at which there is this place or a later one. */
function firstFrom(place: number, length: number, placeAt: (index: number) => number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placeAt(middle) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
