/**
 * How fast a receiver that answers 429 takes requests, found out by trying: from one a second, a tenth faster with each success until the next 429, which
 * takes three tenths off (once per second at most); from then on a hundredth faster with each success.
 */
export interface Pace {
  eachMs: number;
  /** When the next request may go out. */
  nextAtMs: number;
  throttledAtMs: number;
  /** How often it was slowed down. */
  cuts: number;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
const CUT = 0.7;
const STARTING = 0.9;
const GROWING = 0.99;
const CUT_EVERY_MS = 1_000;
/** Faster than that it is none, and so after so long without a 429. */
const SHORTEST_MS = 1;
const MEMORY_MS = 600_000;

export function createPace(nowMs: number): Pace {
  return { eachMs: FIRST_MS, nextAtMs: nowMs + FIRST_MS, throttledAtMs: nowMs, cuts: 0 };
}

export function noteThrottled(pace: Pace, nowMs: number): void {
  if (nowMs - pace.throttledAtMs < CUT_EVERY_MS) return;
  pace.throttledAtMs = nowMs;
  pace.cuts++;
  pace.eachMs = Math.min(pace.eachMs / CUT, LONGEST_MS);
}

export function noteTaken(pace: Pace): void {
  pace.eachMs *= pace.cuts === 0 ? STARTING : GROWING;
}

export function isOver({ eachMs, throttledAtMs }: Pace, nowMs: number): boolean {
  return eachMs < SHORTEST_MS || nowMs - throttledAtMs > MEMORY_MS;
}

export function isTurn({ nextAtMs }: Pace, nowMs: number): boolean {
  return nowMs >= nextAtMs;
}

export function takeTurn(pace: Pace, nowMs: number): void {
  // What was missed is not made up for but for one.
  pace.nextAtMs = Math.max(pace.nextAtMs, nowMs - pace.eachMs) + pace.eachMs;
}
