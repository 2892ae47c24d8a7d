import type { AttemptResult } from '@hookline/domain';
import type { GateDeps, GatedJob } from './gated.ts';
import { Spread } from './spread.ts';
import { Untils } from './untils.ts';

/** Receivers that said when to come again (`Retry-After` on 429 and 503): that is for all that waits for them. */
export interface ThrottleGate {
  /** Whether a request may go out now. False: the engine is woken later, or what waits for the webhook is put off. */
  admits(job: GatedJob): boolean;
  /** What is new is to wait elsewhere. */
  isShut(webhookId: string, nowMs: number): boolean;
  /** When the next one that waits elsewhere is to come back. */
  nextSlotAtMs(webhookId: string, nowMs: number): number;
  ended(job: GatedJob, result: Pick<AttemptResult, 'retryAfterMs'>): void;
  close(): void;
}

/** So long it waits in memory. */
const SHORT_MS = 5_000;
/** For its own delivery `Retry-After` counts in full; the others find out after so long whether it is still so. */
const LONGEST_MS = 600_000;
const SPREAD_MS = 10;

export function createThrottleGate({ engine, clock, random }: GateDeps): ThrottleGate {
  const untils = new Untils();
  const spread = new Spread(random);
  const timers = new Map<string, NodeJS.Timeout>();

  function wakeAt(webhookId: string, delayMs: number): void {
    if (timers.has(webhookId)) return;
    const timer = setTimeout(() => {
      timers.delete(webhookId);
      engine().wake(webhookId);
    }, delayMs);
    timers.set(webhookId, timer.unref());
  }

  return {
    admits({ webhookId }) {
      const nowMs = clock.now();
      const untilMs = untils.get(webhookId, nowMs);
      if (untilMs === 0) return true;
      if (untilMs - nowMs > SHORT_MS) engine().deferWaiting(webhookId);
      else wakeAt(webhookId, untilMs - nowMs + 1);
      return false;
    },
    isShut: (webhookId, nowMs) => untils.get(webhookId, nowMs) > nowMs + SHORT_MS,
    nextSlotAtMs: (webhookId, nowMs) => spread.next(webhookId, untils.get(webhookId, nowMs), SPREAD_MS, nowMs),
    ended({ webhookId }, { retryAfterMs }) {
      if (retryAfterMs === null || retryAfterMs <= 0) return;
      const nowMs = clock.now();
      const untilMs = nowMs + Math.min(retryAfterMs, LONGEST_MS);
      if (untilMs > untils.get(webhookId, nowMs)) untils.set(webhookId, untilMs);
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
