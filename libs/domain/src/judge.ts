import type { AttemptResult, DeadReason, DeferReason } from './delivery.ts';
import { ruleOf } from './failure-rules.ts';
import { retryDelayMs, type Policy } from './policy.ts';

export type Verdict =
  | { kind: 'succeeded' }
  /** The next attempt's number and time. */
  | { kind: 'retry'; attempt: number; dueAtMs: number }
  /** The same attempt again: none was used up. */
  | { kind: 'defer'; reason: DeferReason; dueAtMs: number }
  | { kind: 'dead'; reason: DeadReason }
  /** The next attempt would come after the event's or the webhook's TTL. */
  | { kind: 'expired' };

/** A receiver can ask for at most this much patience with Retry-After. */
export const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/** Between two attempts of which neither is used up, at most so long if the receiver asks for no more. */
const LONGEST_DEFERRAL_MS = 300_000;

export interface Judged {
  /** Number of the attempt just made in its schedule, 1-based. */
  attempt: number;
  firstAttemptAtMs: number;
  result: AttemptResult;
  policy: Policy;
  /** Infinity: never. */
  expiresAtMs: number;
  nowMs: number;
  /** Uniform in [0, 1). */
  random: number;
}

/** What follows from an attempt. */
export function judge(judged: Judged): Verdict {
  const { attempt, result, policy, nowMs } = judged;
  if (result.failure === null) return { kind: 'succeeded' };
  if (result.control === 'abort-message') return { kind: 'dead', reason: 'aborted_by_receiver' };
  if (result.control === 'disable') return { kind: 'dead', reason: 'disabled_by_receiver' };
  const rule = ruleOf(result.failure, result.retryAfterMs !== null);
  if (rule.kind === 'dead') return rule;
  if (rule.kind === 'defer' && rule.reason === 'shutdown') return { ...rule, dueAtMs: nowMs };
  // Without retries nothing is tried again, whoever asks for patience.
  if (rule.kind === 'retry' ? attempt > policy.maxRetries : policy.maxRetries === 0 && rule.reason === 'throttled') {
    return { kind: 'dead', reason: 'attempts_exhausted' };
  }
  const dueAtMs = nowMs + delayMs(judged, rule.kind === 'defer');
  const over = overAt(judged, dueAtMs);
  if (over !== null) return over;
  return rule.kind === 'retry'
    ? { kind: 'retry', attempt: attempt + 1, dueAtMs }
    : { kind: 'defer', reason: rule.reason, dueAtMs };
}

/** Whether a delivery is at its end by `atMs`, whatever it waits for: expired, or too old. */
export function overAt(
  { policy, firstAttemptAtMs, expiresAtMs }: Pick<Judged, 'policy' | 'firstAttemptAtMs' | 'expiresAtMs'>,
  atMs: number,
): Extract<Verdict, { kind: 'dead' | 'expired' }> | null {
  if (atMs > expiresAtMs) return { kind: 'expired' };
  return atMs > firstAttemptAtMs + policy.maxAgeMs ? { kind: 'dead', reason: 'max_age' } : null;
}

/**
 * Deferrals are not counted, so the schedule has nothing to grow by: they are as far apart as half of the delivery's age, up to five minutes (and grow
 * by half each time, therefore).
 */
function delayMs({ attempt, firstAttemptAtMs, result, policy, nowMs, random }: Judged, deferred: boolean): number {
  const scheduledMs = retryDelayMs(policy, Math.max(1, Math.min(attempt, policy.maxRetries)), random);
  const askedMs = Math.min(result.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  if (!deferred) return Math.max(scheduledMs, askedMs);
  const agedMs = Math.min((nowMs - firstAttemptAtMs) / 2, LONGEST_DEFERRAL_MS);
  return Math.max(Math.min(scheduledMs, LONGEST_DEFERRAL_MS), askedMs, Math.round(agedMs * (1 + 0.1 * random)));
}
