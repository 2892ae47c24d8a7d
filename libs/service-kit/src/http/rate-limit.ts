import { RateLimited } from '@hookline/domain';

/** Of an answer by HTTP, or what stands for them elsewhere. */
export interface AnswerHeaders {
  setHeader(name: string, value: string): unknown;
}

/** How a limit stands after a request. */
export interface RateLimitState {
  allowed: boolean;
  limit: number;
  windowMs: number;
  remaining: number;
  resetMs: number;
}

/**
 * Shows in the answer how a limit stands, in the fields of draft-ietf-httpapi-ratelimit-headers-10 (structured fields of RFC 9651).
 * @param policy the limit's name: an sf-token's characters
 * @throws RateLimited with `detail` if nothing was left
 */
export function applyRateLimit(answer: AnswerHeaders, policy: string, state: RateLimitState, detail: string): void {
  const { allowed, limit, windowMs, remaining, resetMs } = state;
  answer.setHeader('ratelimit-policy', `"${policy}";q=${limit};w=${secondsOf(windowMs)}`);
  answer.setHeader('ratelimit', `"${policy}";r=${remaining};t=${secondsOf(resetMs)}`);
  if (!allowed) throw new RateLimited(detail, { retryAfterMs: resetMs });
}

/** Of two limits that count a request, each of which has let it through or not: whether the answer is to show the first. */
export function isStricter(one: RateLimitState, other: RateLimitState): boolean {
  if (one.allowed !== other.allowed) return !one.allowed;
  return one.remaining < other.remaining;
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
