import type { BreakerOutcomes, BreakerState } from '@hookline/domain';

/*
 * Limits shared by all copies of a service. Adapters: Redis, Postgres, memory (one process).
 * Rejections are Unavailable; the caller decides how to go on without. Calls that take several answer one for each, in order; each of them
 * is atomic, all together are not.
 */

/** Sliding windows, exact to the millisecond: at most `limit` are granted within any `windowMs`. */
export interface RateWindows {
  /** Takes up to `count` of each window that is named. */
  take(takes: readonly RateTake[], nowMs: number): Promise<Taken[]>;
}

export interface RateTake {
  key: string;
  limit: number;
  windowMs: number;
  count: number;
}

export interface Taken {
  /** Up to `count`. */
  granted: number;
  /** How many more could be taken now. */
  remaining: number;
  /** 0 where all were granted, else how long until one more is free. */
  retryAfterMs: number;
}

/**
 * Queues that leave at a steady rate, of which only the next free place is kept: gives what has to wait distinct times to come back at.
 * A queue whose places are all in the past is forgotten.
 */
export interface DrainSlots {
  /**
   * Reserves `count` places, `intervalMs` apart, behind those that were reserved before and not before `fromMs`.
   * Answers when the first one is; the others follow it. With a `count` of 0 it only says when the next would be.
   */
  reserve(reservations: readonly SlotReservation[], nowMs: number): Promise<number[]>;
}

export interface SlotReservation {
  key: string;
  count: number;
  /** May be a fraction. */
  intervalMs: number;
  /** By default now. */
  fromMs?: number;
}

/** Circuit breakers, one per webhook, shared by all dispatchers; their rule is in the domain (`breaker.ts`). */
export interface Breakers {
  /** Adds what was seen. A report without outcomes asks. */
  report(reports: readonly BreakerReport[], nowMs: number): Promise<BreakerState[]>;

  /**
   * Claims the probes of half-open breakers, until `untilMs` or a report with the token. Of all who claim one has it: `granted`; to the others
   * the state says until when to wait.
   */
  claimProbes(claims: readonly ProbeClaim[], nowMs: number): Promise<ProbeAnswer[]>;
}

export interface BreakerReport extends BreakerOutcomes {
  webhookId: string;
}

export interface ProbeClaim {
  webhookId: string;
  token: string;
  /** When the probe has surely ended: another may be claimed then. */
  untilMs: number;
}

export interface ProbeAnswer {
  granted: boolean;
  state: BreakerState;
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

/**
 * Counts over all copies of a service, each kept until a time. A copy tells its own total and never how much came to it, so what is told again, since
 * nobody knows whether it arrived, is counted once, and no two copies write the same row.
 */
export interface Tallies {
  /** Takes totals in, each key and copy once in a call; answers what all copies of a key have together. A total of 0 only asks. */
  report(reports: readonly TallyReport[], nowMs: number): Promise<number[]>;
}

export interface TallyReport {
  key: string;
  /** Who tells. What is lower than it has told before changes nothing. */
  copy: string;
  total: number;
  /** When the key may be forgotten: the same for all who report it. */
  untilMs: number;
}

export interface Limits {
  rates: RateWindows;
  tallies: Tallies;
  slots: DrainSlots;
  breakers: Breakers;
  deduplication: Deduplication;
  ping(deadlineMs: number): Promise<void>;
  close(): Promise<void>;
}
