/** Where a delivery stands. The last five are final. `deferred` waits without having used an attempt. */
export type DeliveryState =
  'pending' | 'retrying' | 'deferred' | 'succeeded' | 'dead' | 'expired' | 'discarded' | 'cancelled';

export type Trigger = 'automatic' | 'manual' | 'replay' | 'recovery';

/**
 * Why an attempt failed; the label of failure metrics. `authorisation`: no token was to be had from the webhook's token endpoint. `proxy`: our own
 * outgoing proxy is at fault; `resources`: this process had nothing left to make a connection with. Like `shutdown`, these use up no attempt.
 */
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
  | 'authorisation'
  | 'proxy'
  | 'resources'
  | 'shutdown'
  | 'other';

/** Why a delivery is dead. */
export type DeadReason =
  | 'attempts_exhausted'
  | 'gone'
  | 'max_age'
  | 'webhook_disabled'
  | 'backlog_full'
  | 'aborted_by_receiver'
  | 'disabled_by_receiver';

/** Why a delivery waits without having used up an attempt. */
export type DeferReason =
  | 'scheduled'
  | 'paused'
  | 'breaker_open'
  | 'rate_limited'
  | 'throttled'
  | 'proxy'
  | 'resources'
  | 'overflow'
  | 'shutdown'
  | 'webhook_unreadable';

/** Why a delivery has ended that did not succeed and is no dead letter: `expired`, `discarded` or `cancelled`. */
export type EndReason = 'ttl' | 'webhook_deleted' | 'cancelled' | 'erased';

/** What a receiver's answer says in its header `webhook-delivery`. */
export type DeliveryControl = 'abort-message' | 'disable';

/** What a request waits for, in this order: a connection that is kept needs none of the first three. */
export type AttemptPhase = 'name' | 'connect' | 'tls' | 'headers' | 'body';

/** How long each phase took; those of a connection that was there already are absent. */
export interface AttemptTimings {
  dnsMs?: number;
  connectMs?: number;
  tlsMs?: number;
  /** From the request's being sent to the answer's first byte. */
  firstByteMs?: number;
}

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
  /** What was waited for when it failed without a whole answer. */
  phase?: AttemptPhase;
  timings?: AttemptTimings;
  /** As sent, of failures only; values that are secret are `***`. */
  requestHeaders?: Record<string, string>;
  /** Of failures only: at most 32 and 4 KiB, without those that are the connection's; names in lower case. */
  responseHeaders?: Record<string, string>;
  /** From the answer's header `webhook-delivery`. */
  control?: DeliveryControl;
}
