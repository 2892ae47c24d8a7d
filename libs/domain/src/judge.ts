import type { AttemptResult, DeadReason } from './delivery.ts';
import { retryDelayMs, type Policy } from './policy.ts';

export type Verdict =
  | { kind: 'succeeded' }
  /** The next attempt's number and time. After `shutdown` the number stays: no attempt was used up. */
  | { kind: 'retry'; attempt: number; dueAtMs: number }
  | { kind: 'dead'; reason: DeadReason };

/** A receiver can ask for at most this much patience with Retry-After. */
export const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

export interface Judged {
  /** Number of the attempt just made, 1-based. */
  attempt: number;
  firstAttemptAtMs: number;
  result: AttemptResult;
  policy: Policy;
  nowMs: number;
  /** Uniform in [0, 1). */
  random: number;
}

/** What follows from an attempt. */
export function judge({ attempt, firstAttemptAtMs, result, policy, nowMs, random }: Judged): Verdict {
  if (result.failure === null) return { kind: 'succeeded' };
  if (result.failure === 'gone') return { kind: 'dead', reason: 'gone' };
  if (result.failure === 'shutdown') return { kind: 'retry', attempt, dueAtMs: nowMs };
  if (attempt > policy.maxRetries) return { kind: 'dead', reason: 'attempts_exhausted' };
  const delayMs = Math.max(
    retryDelayMs(policy, attempt, random),
    Math.min(result.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS),
  );
  const dueAtMs = nowMs + delayMs;
  if (dueAtMs > firstAttemptAtMs + policy.maxAgeMs) return { kind: 'dead', reason: 'max_age' };
  return { kind: 'retry', attempt: attempt + 1, dueAtMs };
}
