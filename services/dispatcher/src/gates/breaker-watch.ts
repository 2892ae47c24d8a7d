import type { BreakerReport } from '@hookline/limits';

/** What this dispatcher knows of one webhook's breaker, and has to tell. */
export interface BreakerWatch {
  readonly webhookId: string;
  succeeded: number;
  failed: number;
  /** Of the probe whose outcome these are. */
  probeToken: string | undefined;
  /** 0: closed. In the past: half open. */
  openUntilMs: number;
  /** How long it was to be open when that was learned. */
  openForMs: number;
  /** When a request last failed here, and when the others' word of it was last heard; 0: never. */
  failedAtMs: number;
  heardAtMs: number;
  /** Since the last success here, or since it opened; what has been told of included. */
  failuresSinceSuccess: number;
  /** One has failed when nothing had been heard for `HEARD_LATELY_MS`: it may have opened elsewhere. */
  isStale: boolean;
  /** What was told last has not been answered yet. */
  isTold: boolean;
  probe: Probe | null;
  timer: NodeJS.Timeout | undefined;
}

export type Probe =
  | { kind: 'claiming' }
  /** Another dispatcher's. */
  | { kind: 'theirs'; untilMs: number }
  /** deliveryId: of the job that was sent as the probe; null: there was none yet. */
  | { kind: 'ours'; untilMs: number; token: string; deliveryId: string | null };

export function createBreakerWatch(webhookId: string): BreakerWatch {
  return {
    webhookId,
    succeeded: 0,
    failed: 0,
    probeToken: undefined,
    openUntilMs: 0,
    openForMs: 0,
    failedAtMs: 0,
    heardAtMs: 0,
    failuresSinceSuccess: 0,
    isStale: false,
    isTold: false,
    probe: null,
    timer: undefined,
  };
}

/** A receiver that fails now and then is held up by a trip to the others no more often than that. */
const HEARD_LATELY_MS = 1_000;

export function noteOutcome(watch: BreakerWatch, succeeded: boolean, nowMs: number): void {
  if (succeeded) {
    watch.succeeded++;
    watch.failuresSinceSuccess = 0;
    watch.isStale = false;
  } else {
    watch.failed++;
    watch.failuresSinceSuccess++;
    watch.failedAtMs = nowMs;
    watch.isStale ||= watch.heardAtMs < nowMs - HEARD_LATELY_MS;
  }
}

/** So many have failed in a row that it is about to open, or it may be open elsewhere, and whether it is is not known yet. */
export function isDoubtful(watch: BreakerWatch, failuresInARow: number): boolean {
  const isSuspect = watch.isStale || watch.failuresSinceSuccess >= failuresInARow;
  return isSuspect && (watch.failed > 0 || watch.isTold);
}

/** The probe alone decides: what else has ended meanwhile was sent before. */
export function endProbe(watch: BreakerWatch, succeeded: boolean | null): void {
  if (watch.probe?.kind !== 'ours') return;
  watch.probeToken = watch.probe.token;
  watch.probe = null;
  watch.succeeded = succeeded === true ? 1 : 0;
  watch.failed = succeeded === false ? 1 : 0;
}

export function isProbe({ probe }: BreakerWatch, deliveryId: string): boolean {
  return probe?.kind === 'ours' && probe.deliveryId === deliveryId;
}

/** A probe was claimed that decides. */
export function isProbing({ probe }: BreakerWatch, nowMs: number): boolean {
  return probe !== null && (probe.kind === 'claiming' || probe.untilMs > nowMs);
}

export function takeReport(watch: BreakerWatch): BreakerReport {
  const { webhookId, succeeded, failed, failuresSinceSuccess, probeToken } = watch;
  watch.succeeded = 0;
  watch.failed = 0;
  watch.probeToken = undefined;
  watch.isTold = true;
  const report = { webhookId, succeeded, failed, failuresInARow: Math.min(failed, failuresSinceSuccess) };
  return probeToken === undefined ? report : { ...report, probe: probeToken };
}
