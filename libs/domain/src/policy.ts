import type { Event } from './event.ts';
import type { DeliverySettings } from './webhook.ts';

/** How often and when a delivery is attempted. */
export interface Policy {
  /** Deadline of one attempt, from connecting to the last byte of the answer's start. */
  timeoutMs: number;
  maxRetries: number;
  /** Before retry n, 1-based. */
  delay: (retry: number) => number;
  /** What is drawn from: `[0, delay]`, or `[delay, 1.1 × delay]`. */
  jitter: 'full' | 'tenth';
  /** A delivery is dead this long after its first attempt (or after it first had to wait, where none was made), whatever it waits for. */
  maxAgeMs: number;
  /** It says so itself; otherwise `maxAgeMs` follows from the schedule. */
  ownMaxAge: boolean;
  /** A delivery is expired this long after its event was accepted, or could first be sent; Infinity: never. */
  ttlMs: number;
}

export const POLICY_NAMES = ['quick', 'standard'] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

export function isPolicyName(name: string): name is PolicyName {
  return (POLICY_NAMES as readonly string[]).includes(name);
}

/** The settings of `quick`, the default preset. */
export interface Backoff {
  timeoutMs: number;
  maxRetries: number;
  initialDelayMs: number;
  maxDelayMs: number;
  multiplier: number;
}

export const QUICK: Backoff = {
  timeoutMs: 30_000,
  maxRetries: 5,
  initialDelayMs: 1_000,
  maxDelayMs: 300_000,
  multiplier: 2,
};

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Standard Webhooks' recommended schedule: nine retries over 75 hours and 35 minutes. */
const STANDARD_DELAYS_MS = [
  5_000,
  5 * 60_000,
  30 * 60_000,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** The presets by name; `quick` takes its numbers from the configuration. */
export function createPolicies(quick: Backoff = QUICK): Record<PolicyName, Policy> {
  const quickDelay = (retry: number) =>
    Math.min(quick.maxDelayMs, quick.initialDelayMs * quick.multiplier ** (retry - 1));
  return {
    quick: {
      timeoutMs: quick.timeoutMs,
      maxRetries: quick.maxRetries,
      delay: quickDelay,
      jitter: 'full',
      maxAgeMs: DAY_MS + total(quick.maxRetries, quickDelay),
      ownMaxAge: false,
      ttlMs: Infinity,
    },
    standard: {
      timeoutMs: 30_000,
      ...scheduled(STANDARD_DELAYS_MS, STANDARD_DELAYS_MS.length),
      ownMaxAge: false,
      ttlMs: Infinity,
    },
  };
}

/** A webhook's policy: its preset, with what it says itself in place of the preset's. To be made once per version of it. */
export function policyOf(preset: Policy, settings: DeliverySettings | undefined): Policy {
  if (settings === undefined) return preset;
  const { retryScheduleMs, maxRetries, maxAgeMs, ttlMs = Infinity, timeoutMs = preset.timeoutMs } = settings;
  const policy = { ...withSchedule(preset, retryScheduleMs, maxRetries), ttlMs, timeoutMs };
  return maxAgeMs === undefined ? policy : { ...policy, maxAgeMs, ownMaxAge: true };
}

/** The policy of a delivery: its webhook's, unless its event says otherwise. */
export function policyFor(policy: Policy, event: Pick<Event, 'retryScheduleMs' | 'maxRetries'>): Policy {
  if (event.retryScheduleMs === undefined && event.maxRetries === undefined) return policy;
  return withSchedule(policy, event.retryScheduleMs, event.maxRetries);
}

/** When a delivery is expired; Infinity: never. */
export function expiryOf(
  { ttlMs }: Policy,
  {
    acceptedAtMs,
    deliverAtMs = 0,
    expiresAtMs = Infinity,
  }: Pick<Event, 'acceptedAtMs' | 'deliverAtMs' | 'expiresAtMs'>,
): number {
  return Math.min(expiresAtMs, Math.max(acceptedAtMs, deliverAtMs) + ttlMs);
}

/** A list of delays comes with as many retries as it has; where there are to be more, the last one repeats. */
function withSchedule(
  policy: Policy,
  delaysMs: readonly number[] | undefined,
  maxRetries: number = delaysMs?.length ?? policy.maxRetries,
): Policy {
  const schedule =
    delaysMs === undefined
      ? { maxRetries, maxAgeMs: DAY_MS + total(maxRetries, policy.delay) }
      : scheduled(delaysMs, maxRetries);
  return policy.ownMaxAge ? { ...policy, ...schedule, maxAgeMs: policy.maxAgeMs } : { ...policy, ...schedule };
}

function scheduled(
  delaysMs: readonly number[],
  maxRetries: number,
): Pick<Policy, 'maxRetries' | 'delay' | 'jitter' | 'maxAgeMs'> {
  const delay = (retry: number) => delaysMs[Math.min(retry, delaysMs.length) - 1] ?? 0;
  return { maxRetries, delay, jitter: 'tenth', maxAgeMs: DAY_MS + total(maxRetries, delay) };
}

/**
 * When to make retry number `retry` (1-based), in ms from now. `random` is uniform in [0, 1).
 * Full jitter spreads over [0, delay]; a tenth spreads over [delay, 1.1 × delay], never earlier than the schedule says.
 */
export function retryDelayMs(policy: Policy, retry: number, random: number): number {
  const delay = policy.delay(retry);
  return Math.round(policy.jitter === 'full' ? delay * random : delay * (1 + 0.1 * random));
}

function total(retries: number, delay: (retry: number) => number): number {
  let sum = 0;
  for (let retry = 1; retry <= retries; retry++) sum += delay(retry);
  return sum;
}
