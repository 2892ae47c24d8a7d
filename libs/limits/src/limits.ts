/**
 * Limits shared by all copies of a service. Adapters: Redis, Postgres, memory (one process).
 * Rejections are Unavailable; the caller decides how to go on without.
 */
export interface RateWindows {
  /** Takes one from a sliding window: at most `limit` within any `windowMs`. */
  take(key: string, limit: number, windowMs: number, nowMs: number): Promise<Taken>;
}

export interface Taken {
  allowed: boolean;
  remaining: number;
  /** 0 where allowed, else how long until one is free. */
  retryAfterMs: number;
}

/**
 * Remembers what was accepted. A claim is `pending` for `pendingMs` or until it is finished or abandoned; a finished one is `done` for
 * `windowMs`, or until more than `maxKeys` are held (the oldest go first).
 */
export interface Deduplication {
  /** One answer per claim, in order; a key named twice in one call is pending for the second. */
  claim(claims: readonly Claim[], nowMs: number): Promise<ClaimAnswer[]>;
  /** Makes claims done. One that another token holds by now is left alone. */
  finish(finished: readonly Finished[], nowMs: number): Promise<void>;
  /** Frees claims that this token still holds. */
  abandon(abandoned: readonly { key: string; token: string }[]): Promise<void>;
}

export interface DeduplicationOptions {
  pendingMs: number;
  windowMs: number;
  maxKeys: number;
}

export interface Claim {
  key: string;
  token: string;
}

export type ClaimAnswer =
  | { kind: 'claimed' }
  /** Somebody else is at it; ask again. */
  | { kind: 'pending' }
  | { kind: 'done'; bodyHash: string; answer: string };

export interface Finished extends Claim {
  /** Tells the same event from another one under its id. */
  bodyHash: string;
  /** What the first request was answered. */
  answer: string;
}

export interface Limits {
  rates: RateWindows;
  deduplication: Deduplication;
  ping(deadlineMs: number): Promise<void>;
  close(): Promise<void>;
}
