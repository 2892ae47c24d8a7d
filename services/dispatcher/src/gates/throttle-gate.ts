import type { AttemptResult } from '@hookline/domain';
import type { GateDeps, GatedJob } from './gated.ts';
import { createPace, isOver, isTurn, noteTaken, noteThrottled, takeTurn, type Pace } from './pace.ts';
import { Spread } from './spread.ts';
import { Untils } from './untils.ts';

/**
 * Receivers that ask for patience. `Retry-After` on 429 and 503 is for all that waits for them; and one that has answered 429 is sent to at a pace that it
 * takes.
 */
export interface ThrottleGate {
  /** Whether a request may go out now. False: the engine is woken later, or what waits for the webhook is put off. */
  admits(job: GatedJob): boolean;
  /** What was admitted is sent, and takes its turn. */
  passed(job: GatedJob): void;
  /** How many requests its pace has for a webhook in such a time. */
  turnsIn(webhookId: string, ms: number): number;
  /** The job, which is new here, is to wait elsewhere. */
  isShut(job: GatedJob, nowMs: number): boolean;
  /** When the next one that waits elsewhere is to come back. */
  nextSlotAtMs(webhookId: string, nowMs: number): number;
  ended(job: GatedJob, result: Pick<AttemptResult, 'failure' | 'retryAfterMs'>): void;
  close(): void;
}

/** So long it waits in memory, and what has been elsewhere before so long. */
const SHORT_MS = 5_000;
const LONGER_MS = 30_000;
/** For its own delivery `Retry-After` counts in full; the others find out after so long whether it is still so. */
const LONGEST_MS = 600_000;
/** On average between two that come back after a pause, where no pace is known. */
const SPREAD_MS = 10;
const MOST_PACES = 100_000;

export function createThrottleGate({ engine, clock, random }: GateDeps): ThrottleGate {
  const untils = new Untils();
  const paces = new Map<string, Pace>();
  const spread = new Spread(random);
  const timers = new Map<string, NodeJS.Timeout>();

  function paceOf(webhookId: string, nowMs: number): Pace | undefined {
    if (paces.size === 0) return undefined;
    const pace = paces.get(webhookId);
    if (pace === undefined || !isOver(pace, nowMs)) return pace;
    paces.delete(webhookId);
    return undefined;
  }

  function wakeAt(webhookId: string, delayMs: number): void {
    if (timers.has(webhookId)) return;
    const timer = setTimeout(
      () => {
        timers.delete(webhookId);
        engine().wake(webhookId);
      },
      Math.max(1, Math.ceil(delayMs)),
    );
    timers.set(webhookId, timer.unref());
  }

  function slowDown(webhookId: string, nowMs: number): void {
    const pace = paceOf(webhookId, nowMs);
    if (pace !== undefined) return noteThrottled(pace, nowMs);
    if (paces.size >= MOST_PACES) paces.delete(paces.keys().next().value as string);
    paces.set(webhookId, createPace(nowMs));
  }

  function waitMs(webhookId: string, { eachMs, nextAtMs }: Pace, nowMs: number): number {
    return Math.max(0, nextAtMs - nowMs) + engine().waitingFor(webhookId) * eachMs;
  }

  return {
    admits({ webhookId }) {
      const nowMs = clock.now();
      const untilMs = untils.get(webhookId, nowMs);
      if (untilMs > nowMs + SHORT_MS) {
        engine().deferWaiting(webhookId);
        return false;
      }
      const pace = paceOf(webhookId, nowMs);
      if (untilMs === 0 && (pace === undefined || isTurn(pace, nowMs))) return true;
      wakeAt(webhookId, Math.max(untilMs, pace?.nextAtMs ?? 0) - nowMs);
      return false;
    },
    passed({ webhookId }) {
      if (paces.size === 0) return;
      const pace = paces.get(webhookId);
      if (pace !== undefined) takeTurn(pace, clock.now());
    },
    turnsIn(webhookId, ms) {
      const pace = paceOf(webhookId, clock.now());
      return pace === undefined ? Infinity : 1 + Math.floor(ms / pace.eachMs);
    },
    isShut({ webhookId, handedOver }, nowMs) {
      if (untils.get(webhookId, nowMs) > nowMs + SHORT_MS) return true;
      const pace = paceOf(webhookId, nowMs);
      if (pace === undefined) return false;
      const waits = waitMs(webhookId, pace, nowMs);
      if (handedOver) return waits > LONGER_MS;
      return waits > SHORT_MS || spread.lastAtMs(webhookId, nowMs) > nowMs + SHORT_MS;
    },
    nextSlotAtMs(webhookId, nowMs) {
      const pace = paceOf(webhookId, nowMs);
      const fromMs = nowMs + (pace === undefined ? 0 : Math.max(SHORT_MS, waitMs(webhookId, pace, nowMs)));
      const eachMs = pace?.eachMs ?? SPREAD_MS;
      return spread.next(webhookId, Math.max(untils.get(webhookId, nowMs), fromMs), eachMs, nowMs);
    },
    ended({ webhookId }, { failure, retryAfterMs }) {
      if (failure === null && paces.size === 0) return;
      const nowMs = clock.now();
      if (failure === 'throttled') slowDown(webhookId, nowMs);
      if (failure === null) {
        const pace = paceOf(webhookId, nowMs);
        if (pace !== undefined) noteTaken(pace);
      } else if (retryAfterMs !== null && retryAfterMs > 0) {
        const untilMs = nowMs + Math.min(retryAfterMs, LONGEST_MS);
        if (untilMs > untils.get(webhookId, nowMs)) untils.set(webhookId, untilMs);
      }
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
