/** How often and when a delivery is attempted. */
export interface Policy {
  /** Deadline of one attempt, from connecting to the last byte of the answer's start. */
  timeoutMs: number;
  /** The delay before retry n (1-based) is drawn from `[0, delay(n)]` (full jitter). */
  maxRetries: number;
  delay: (retry: number) => number;
  jitter: 'full' | 'tenth';
  /** A delivery is dead this long after its first attempt, whatever it waits for. */
  maxAgeMs: number;
}

export type PolicyName = 'quick' | 'standard';

const POLICY_NAMES: readonly string[] = ['quick', 'standard'] satisfies PolicyName[];

export function isPolicyName(name: string): name is PolicyName {
  return POLICY_NAMES.includes(name);
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
    },
    standard: {
      timeoutMs: 30_000,
      maxRetries: STANDARD_DELAYS_MS.length,
      delay: standardDelay,
      jitter: 'tenth',
      maxAgeMs: DAY_MS + total(STANDARD_DELAYS_MS.length, standardDelay),
    },
  };
}

/**
 * When to make retry number `retry` (1-based), in ms from now. `random` is uniform in [0, 1).
 * Full jitter spreads over [0, delay]; a tenth spreads over [delay, 1.1 × delay], never earlier than the schedule says.
 */
export function retryDelayMs(policy: Policy, retry: number, random: number): number {
  const delay = policy.delay(retry);
  return Math.round(policy.jitter === 'full' ? delay * random : delay * (1 + 0.1 * random));
}

function standardDelay(retry: number): number {
  return STANDARD_DELAYS_MS[Math.min(retry, STANDARD_DELAYS_MS.length) - 1] ?? 0;
}

function total(retries: number, delay: (retry: number) => number): number {
  let sum = 0;
  for (let retry = 1; retry <= retries; retry++) sum += delay(retry);
  return sum;
}
