import { isOurs, type AttemptResult, type FailureClass } from '@hookline/domain';

/**
 * How many requests one webhook may have under way: found out by trying (additive increase, multiplicative decrease), as TCP does it.
 *
 *   slow start: +1 per success (doubles per round) ──cut──► +1 per round, and again slow start up to half of what it was
 *
 * A cut halves: a request that shows overload (no answer in time, no connection, 429, 503). One that takes a tenth off: answers that take twice as long as
 * the receiver's best and 100 ms more (below that it may be this process that is busy). Only requests that began after the last cut count, so that
 * sixty that fail together cut once. It grows only while it is used, and so stays near what the webhook needs.
 */
export interface Concurrency {
  limit: number;
  /** Slow start ends here. */
  threshold: number;
  /** How long its requests take, lately; 0: not known. */
  averageMs: number;
  /** How long the quickest answers take; 0: not known. */
  bestMs: number;
  cutAtMs: number;
  /** Overloaded that often in a row. */
  overloads: number;
}

/** A webhook that nothing is known of yet may have so many; one that has stopped answering, so many more. */
export const FIRST_LIMIT = 4;
export const STALLED_LIMIT = 2;

const CUT = 0.5;
const EASE = 0.9;
const TOLERANCE = 2;
const TOLERANCE_MS = 100;
/** The best comes a little nearer with each that is slower, since a receiver may have become slower for good. */
const FORGETTING = 1 / 4_096;
/** After that many overloads in a row, one at a time. */
const HOPELESS = 3;

const OVERLOADED: ReadonlySet<FailureClass> = new Set(['timeout', 'throttled', 'refused', 'reset', 'dns', 'tls']);

export function createConcurrency(): Concurrency {
  return { limit: FIRST_LIMIT, threshold: Infinity, averageMs: 0, bestMs: 0, cutAtMs: 0, overloads: 0 };
}

export interface Ended {
  result: Pick<AttemptResult, 'durationMs' | 'failure' | 'status'>;
  startedAtMs: number;
  nowMs: number;
  /** How many were under way, this one included. */
  underWay: number;
  max: number;
}

/** What follows from the end of a request. What was our own fault says nothing of the receiver. */
export function noteEnded(state: Concurrency, { result, startedAtMs, nowMs, underWay, max }: Ended): void {
  const { durationMs, failure, status } = result;
  if (isOurs(failure)) return;
  average(state, durationMs);
  const isFresh = startedAtMs >= state.cutAtMs;
  if ((failure !== null && OVERLOADED.has(failure)) || status === 503) {
    if (isFresh) cut(state, state.limit * CUT, nowMs);
    if (++state.overloads >= HOPELESS) state.limit = 1;
    return;
  }
  state.overloads = 0;
  if (failure !== null) return;
  const { bestMs } = state;
  state.bestMs = bestMs === 0 ? durationMs : Math.min(durationMs, bestMs + (durationMs - bestMs) * FORGETTING);
  if (state.averageMs > TOLERANCE * state.bestMs + TOLERANCE_MS) {
    if (isFresh) cut(state, state.limit * EASE, nowMs);
  } else if (underWay * 2 >= state.limit) {
    state.limit = Math.min(max, state.limit + (state.limit < state.threshold ? 1 : 1 / state.limit));
  }
}

/** Requests are under way and none ends, for far longer than usual. */
export function noteStalled(state: Concurrency, nowMs: number): void {
  if (state.limit > STALLED_LIMIT) cut(state, STALLED_LIMIT, nowMs);
}

/** Half of the newest when it gets quicker, a quarter when slower: it follows within a handful of requests. */
function average(state: Concurrency, durationMs: number): void {
  const { averageMs } = state;
  const weight = durationMs < averageMs ? 0.5 : 0.25;
  // 0 stands for not known.
  state.averageMs = averageMs === 0 ? Math.max(durationMs, 0.01) : averageMs + (durationMs - averageMs) * weight;
}

function cut(state: Concurrency, limit: number, nowMs: number): void {
  state.threshold = Math.max(1, state.limit * CUT);
  state.limit = Math.max(1, limit);
  state.cutAtMs = nowMs;
}
