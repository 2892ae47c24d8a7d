import type { DeadReason, DeferReason, FailureClass } from './delivery.ts';

/** What follows from an attempt that failed. */
export type FailureRule =
  /** Tried again by the schedule. */
  | { kind: 'retry' }
  /** Tried again, and no attempt was used up: it is not the receiver's failure, or it asked for patience. */
  | { kind: 'defer'; reason: DeferReason }
  | { kind: 'dead'; reason: DeadReason };

const RETRY: FailureRule = { kind: 'retry' };
const THROTTLED: FailureRule = { kind: 'defer', reason: 'throttled' };

/**
 * One rule for each way to fail; docs/retries.md shows them with what falls under each. Nearly everything is tried again: what looks permanent (404, a
 * certificate that has run out, a refused address) is mended by people while the schedule lasts, and what was given up is lost work for them.
 */
export const FAILURE_RULES: Readonly<Record<FailureClass, FailureRule>> = {
  dns: RETRY,
  refused: RETRY,
  reset: RETRY,
  tls: RETRY,
  timeout: RETRY,
  blocked: RETRY,
  redirect: RETRY,
  client_error: RETRY,
  server_error: RETRY,
  authorisation: RETRY,
  other: RETRY,
  throttled: THROTTLED,
  proxy: { kind: 'defer', reason: 'proxy' },
  resources: { kind: 'defer', reason: 'resources' },
  shutdown: { kind: 'defer', reason: 'shutdown' },
  gone: { kind: 'dead', reason: 'gone' },
};

/** Whether it is our own fault: it says nothing of the receiver. */
export function isOurs(failure: FailureClass | null): boolean {
  return failure === 'shutdown' || failure === 'proxy' || failure === 'resources';
}

/** @param asksForPatience the answer has a Retry-After: with it a 503 is no failure but a request to wait, as a 429 is without */
export function ruleOf(failure: FailureClass, asksForPatience: boolean): FailureRule {
  return failure === 'server_error' && asksForPatience ? THROTTLED : FAILURE_RULES[failure];
}
