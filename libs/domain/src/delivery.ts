/** Where a delivery stands. The last five are final. `deferred` waits without having used an attempt. */
export type DeliveryState =
  'pending' | 'retrying' | 'deferred' | 'succeeded' | 'dead' | 'expired' | 'discarded' | 'cancelled';

export type Trigger = 'automatic' | 'manual' | 'replay' | 'recovery';

/** Why an attempt failed; the label of failure metrics. */
export type FailureClass =
  | 'dns'
  | 'refused'
  | 'reset'
  | 'tls'
  | 'timeout'
  | 'blocked'
  | 'redirect'
  | 'gone'
  | 'client_error'
  | 'throttled'
  | 'server_error'
  | 'shutdown'
  | 'other';

/** Why a delivery is dead. */
export type DeadReason = 'attempts_exhausted' | 'gone' | 'max_age' | 'webhook_disabled';

/** What one HTTP request came to, before anybody judged what follows from it. */
export interface AttemptResult {
  startedAtMs: number;
  durationMs: number;
  /** HTTP status, where an answer arrived. */
  status: number | null;
  /** null: a 2xx answer. */
  failure: FailureClass | null;
  /** One line for people, where there was no answer: `connect ECONNREFUSED 127.0.0.1:1`. */
  error: string | null;
  /** Start of the answer's body, at most 4 KiB, as text. */
  responseBody: string | null;
  /** From the answer's Retry-After on 429 and 503. */
  retryAfterMs: number | null;
}
