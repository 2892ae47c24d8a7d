import type { AttemptResult, FailureClass } from '@hookline/domain';

/** Of an attempt that came to nothing before a request was made. */
export function failedResult(startedAtMs: number, failure: FailureClass, error: string): AttemptResult {
  return {
    startedAtMs,
    durationMs: Math.max(0, Date.now() - startedAtMs),
    status: null,
    failure,
    error,
    responseBody: null,
    retryAfterMs: null,
  };
}
