import type { Weighed } from './backlogs.ts';
import { createConcurrency, type Concurrency } from './concurrency.ts';
import { Fifo } from './fifo.ts';
import { QUICK, SLOW, SLOW_MS, UNKNOWN, type Lane, type Laned, type Tenant } from './lanes.ts';

/** What waits for one webhook, and what is known of how it takes it. */
export interface WebhookQueue<E> extends Weighed, Laned {
  readonly webhookId: string;
  readonly tenant: Tenant;
  readonly waiting: Fifo<E>;
  readonly concurrency: Concurrency;
  waitingBytes: number;
  inFlight: number;
  /** As its owner wants it; unknown before the first was prepared. */
  maxInFlight: number;
  lane: Lane;
  /** It is in the line of those to be served. */
  inLine: boolean;
  /** Its owner doesn't want anything sent to it for now. */
  isHeld: boolean;
  /** Since when, if it is. */
  heldAtMs: number;
  /** Requests are under way and for far longer than usual none has ended. */
  isStalled: boolean;
  /** How many of its requests have ended. */
  ended: number;
  /** When a request of it last ended, or when it got something to do after having had nothing. */
  progressAtMs: number;
  /** Until when its shed jobs have been given slots. */
  slotsUntilMs: number;
}

export function createWebhookQueue<E>(webhookId: string, tenant: Tenant, nowMs: number): WebhookQueue<E> {
  return {
    webhookId,
    tenant,
    waiting: new Fifo(),
    concurrency: createConcurrency(),
    waitingBytes: 0,
    inFlight: 0,
    maxInFlight: Infinity,
    lane: UNKNOWN,
    places: 0,
    balance: 0,
    inLine: false,
    isHeld: false,
    heldAtMs: 0,
    isStalled: false,
    ended: 0,
    progressAtMs: nowMs,
    slotsUntilMs: 0,
    weightClass: -1,
  };
}

const PATIENCE_MS = 1_000;
const PATIENCE = 4;

/** Nothing that is under way has ended for far longer than its requests usually take. */
export function isOverdue({ progressAtMs, concurrency }: WebhookQueue<unknown>, nowMs: number): boolean {
  return nowMs - progressAtMs > Math.max(PATIENCE_MS, PATIENCE * concurrency.averageMs);
}

/** How many requests it may have under way; may be a fraction. */
export function limitOf({ concurrency, maxInFlight }: WebhookQueue<unknown>): number {
  return Math.min(concurrency.limit, maxInFlight);
}

export function laneOf({ isStalled, ended, concurrency }: WebhookQueue<unknown>): Lane {
  if (isStalled || concurrency.averageMs > SLOW_MS) return SLOW;
  return ended === 0 ? UNKNOWN : QUICK;
}

const LONGEST_SLOT_MS = 3_600_000;

/**
 * When a job shed from this queue should come back, in ms from now: the next free slot behind what waits here already, so that it doesn't meet a
 * full queue again. Spread by `random` in [0, 1).
 */
export function nextSlotMs(queue: WebhookQueue<unknown>, atOnce: number, nowMs: number, random: number): number {
  // A receiver that answers nothing is taken for slower the longer that lasts.
  const silentMs = queue.inFlight > 0 ? nowMs - queue.progressAtMs : 0;
  const eachMs = Math.max(queue.concurrency.averageMs, silentMs, 1) / atOnce;
  const freeAtMs = Math.max(queue.slotsUntilMs, nowMs + queue.waiting.length * eachMs);
  queue.slotsUntilMs = Math.min(freeAtMs + eachMs, nowMs + LONGEST_SLOT_MS);
  return Math.round((queue.slotsUntilMs - nowMs) * (1 + 0.1 * random));
}
