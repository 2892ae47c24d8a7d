/**
 * What is known of a webhook that has failed, put together from what several dispatchers report at their own times and in any order: only the
 * times in the reports count. Times are milliseconds since 1970.
 */
export interface WebhookHealth {
  /** Of a success that was reported since it began to be watched; 0: none. */
  lastSuccessAtMs: number;
  /** null: it has succeeded since it last failed. */
  failingSinceMs: number | null;
  lastFailureAtMs: number;
  /** Up to which part of the period, in percent, its owner has been warned. */
  warnedPercent: number;
}

export const UNWATCHED: WebhookHealth = {
  lastSuccessAtMs: 0,
  failingSinceMs: null,
  lastFailureAtMs: 0,
  warnedPercent: 0,
};

/** One dispatcher has seen nothing but failures since `sinceMs`, and one at `atMs`. */
export interface FailureReport {
  sinceMs: number;
  atMs: number;
}

/** The owner is told when so many percent of the period are over; at a hundred the webhook is disabled. */
export const WARNINGS_PERCENT = [50, 70, 90];

/**
 * Failing counts from the earliest failure after which nobody reports a success, and never from earlier than that: a dispatcher that only fails knows
 * nothing of another that succeeds. It counts anew where nothing was attempted for more than half of the period, so that two failures long apart
 * disable nothing, and from the webhook's last change.
 */
export function afterFailure(
  health: WebhookHealth,
  { sinceMs, atMs }: FailureReport,
  { changedAtMs, periodMs }: { changedAtMs: number; periodMs: number },
): WebhookHealth {
  const { lastSuccessAtMs, failingSinceMs, lastFailureAtMs } = health;
  const floorMs = Math.max(lastSuccessAtMs, changedAtMs);
  if (atMs <= floorMs) return health;
  const reportedMs = sinceMs > floorMs ? sinceMs : atMs;
  const lastMs = Math.max(lastFailureAtMs, atMs);
  const known = failingSinceMs !== null && failingSinceMs > floorMs;
  const anew = lastFailureAtMs > 0 && atMs - lastFailureAtMs > periodMs / 2;
  if (known && !anew) {
    const earliestMs = Math.min(failingSinceMs, reportedMs);
    return { ...health, failingSinceMs: earliestMs, lastFailureAtMs: lastMs };
  }
  const since = anew ? atMs : reportedMs;
  return { ...health, failingSinceMs: since, lastFailureAtMs: lastMs, warnedPercent: 0 };
}

export function afterSuccess(health: WebhookHealth, atMs: number): WebhookHealth {
  const lastSuccessAtMs = Math.max(health.lastSuccessAtMs, atMs);
  if (health.failingSinceMs === null || health.failingSinceMs > atMs) return { ...health, lastSuccessAtMs };
  return { ...health, lastSuccessAtMs, failingSinceMs: null, warnedPercent: 0 };
}

export type HealthStep =
  { kind: 'nothing' } | { kind: 'warn'; percent: number } | { kind: 'disable'; failingSinceMs: number };

/** What is due: the highest warning that was not given, or the end. */
export function stepOf(health: WebhookHealth, periodMs: number): HealthStep {
  const { failingSinceMs, lastFailureAtMs, warnedPercent } = health;
  if (failingSinceMs === null) return { kind: 'nothing' };
  const passed = ((lastFailureAtMs - failingSinceMs) / periodMs) * 100;
  if (passed >= 100) return { kind: 'disable', failingSinceMs };
  const percent = WARNINGS_PERCENT.findLast((each) => each <= passed && each > warnedPercent);
  return percent === undefined ? { kind: 'nothing' } : { kind: 'warn', percent };
}
