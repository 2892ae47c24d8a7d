import { createFifo, type Fifo } from './fifo.ts';
import type { Weighed } from './backlogs.ts';

/** What waits for one webhook, and how fast it takes it. Exists while it has work. */
export interface WebhookQueue<E> extends Weighed {
  readonly webhookId: string;
  readonly waiting: Fifo<E>;
  waitingBytes: number;
  inFlight: number;
  /** It is in the line of those to be served. */
  inLine: boolean;
  /** How long its requests take, lately; 0: not known. */
  averageMs: number;
  /** How many of its requests have ended. */
  ended: number;
  /** When a request of it last ended, or when it got something to do after having had nothing. */
  progressAtMs: number;
  /** Until when its shed jobs have been given slots. */
  slotsUntilMs: number;
}

export function createWebhookQueue<E>(webhookId: string, nowMs: number): WebhookQueue<E> {
  return {
    webhookId,
    waiting: createFifo(),
    waitingBytes: 0,
    inFlight: 0,
    inLine: false,
    averageMs: 0,
    ended: 0,
    progressAtMs: nowMs,
    slotsUntilMs: 0,
    weightClass: -1,
  };
}

/** A quarter of the newest: it follows a receiver that turns slow within a handful of requests. */
export function noteEnded(queue: WebhookQueue<unknown>, durationMs: number, nowMs: number): void {
  queue.averageMs = queue.averageMs === 0 ? durationMs : queue.averageMs * 0.75 + durationMs * 0.25;
  queue.ended++;
  queue.progressAtMs = nowMs;
}

const LONGEST_SLOT_MS = 3_600_000;

/**
 * When a job shed from this queue should come back, in ms from now: the next free slot behind what waits here already, so that it doesn't meet a
 * full queue again. Spread by `random` in [0, 1).
 */
export function nextSlotMs(queue: WebhookQueue<unknown>, concurrency: number, nowMs: number, random: number): number {
  // A receiver that answers nothing is taken for slower the longer that lasts.
  const eachMs = Math.max(queue.averageMs, nowMs - queue.progressAtMs, 1) / concurrency;
  const freeAtMs = Math.max(queue.slotsUntilMs, nowMs + queue.waiting.length * eachMs);
  queue.slotsUntilMs = Math.min(freeAtMs + eachMs, nowMs + LONGEST_SLOT_MS);
  return Math.round((queue.slotsUntilMs - nowMs) * (1 + 0.1 * random));
}
