import type { AttemptResult, DeferReason, DeliverySettings, Trigger } from '@hookline/domain';
import { createBreakerGate, type BreakerGateDeps } from './breaker-gate.ts';
import type { GateDeps, GatedJob } from './gated.ts';
import { createRateGate, type Rate } from './rate-gate.ts';
import type { DispatchLimits } from './shared-limits.ts';
import { createThrottleGate } from './throttle-gate.ts';

/**
 * What may keep a webhook's deliveries from being sent although it is their turn: its receiver asked for a pause, its breaker is open, its rate is used up.
 * What has to wait for seconds waits in its queue, and what has to wait for longer in the retry schedule, each with a time of its own to come back
 * at. Waiting uses up no attempt. Whoever asks for one more attempt by hand gets it, except past the rate.
 */
export interface Gates {
  /** Whether it may be sent now. False: the engine is woken when that may have changed, or what waits for the webhook is put off. */
  admits(job: PassingJob): boolean;
  /** A job that is new here is to wait elsewhere. */
  isShut(job: PassingJob): boolean;
  /** `putOff` is called, now or soon, if a gate is why the job has to wait elsewhere; false: none is. */
  putOff(job: PassingJob, putOff: (reason: DeferReason, dueAtMs: number) => void): boolean;
  ended(job: PassingJob, result: AttemptResult): void;
  /** What was admitted was not sent after all. */
  unsent(job: PassingJob): void;
  openBreakers(): number;
  close(): void;
}

export interface PassingJob extends GatedJob {
  readonly trigger: Trigger;
}

export interface GatesDeps extends Omit<GateDeps, 'random'> {
  limits: DispatchLimits;
  breaker: BreakerGateDeps['policy'];
  settingsOf: (webhookId: string) => DeliverySettings | undefined;
  timeoutMs: number;
  random?: () => number;
}

/** Between the end of a request and that of its probe. */
const PROBE_SLACK_MS = 5_000;

export function createGates({
  limits,
  breaker,
  settingsOf,
  timeoutMs,
  random = Math.random,
  ...deps
}: GatesDeps): Gates {
  const common: GateDeps = { ...deps, random };
  const throttles = createThrottleGate(common);
  const breakers = createBreakerGate({
    ...common,
    breakers: limits.breakers,
    policy: breaker,
    probeMs: (webhookId) => Math.max(timeoutMs, settingsOf(webhookId)?.timeoutMs ?? 0) + PROBE_SLACK_MS,
  });
  const rates = createRateGate<PassingJob>({
    ...common,
    rates: limits.rates,
    slots: limits.slots,
    turnsIn: (webhookId, ms) => throttles.turnsIn(webhookId, ms),
  });

  function rateOf({ webhookId }: PassingJob): Rate | undefined {
    return settingsOf(webhookId)?.rateLimit;
  }

  function isRateShut(job: PassingJob, nowMs: number): boolean {
    const rate = rateOf(job);
    return rate !== undefined && rates.isShut(job, rate, nowMs);
  }

  return {
    admits(job) {
      const isManual = job.trigger === 'manual';
      if (!isManual && !(throttles.admits(job) && breakers.admits(job))) return false;
      const rate = rateOf(job);
      if (rate !== undefined && !rates.admits(job, rate)) return false;
      // What one gate has to give is taken when all have admitted it: it may be gone before another does.
      if (!isManual) {
        throttles.passed(job);
        breakers.passed(job);
      }
      return true;
    },
    isShut(job) {
      if (job.trigger === 'manual') return false;
      const { webhookId } = job;
      const nowMs = deps.clock.now();
      return throttles.isShut(job, nowMs) || breakers.isShut(webhookId, nowMs) || isRateShut(job, nowMs);
    },
    putOff(job, putOff) {
      const { webhookId, trigger } = job;
      const nowMs = deps.clock.now();
      const isManual = trigger === 'manual';
      const isBroken = breakers.isShut(webhookId, nowMs);
      const isThrottled = !isBroken && throttles.isShut(job, nowMs);
      if (isBroken && !isManual) putOff('breaker_open', Math.round(breakers.nextSlotAtMs(webhookId, nowMs)));
      else if (isThrottled && !isManual) putOff('throttled', Math.round(throttles.nextSlotAtMs(webhookId, nowMs)));
      else if (isRateShut(job, nowMs))
        rates.reserve(job, rateOf(job) as Rate, (dueAtMs) => putOff('rate_limited', dueAtMs));
      // It waited for a place and had to leave with the others: nothing keeps it from coming back at once.
      else if (isBroken || isThrottled) putOff(isBroken ? 'breaker_open' : 'throttled', nowMs);
      else return false;
      return true;
    },
    ended(job, result) {
      throttles.ended(job, result);
      breakers.ended(job, result.failure);
    },
    unsent: (job) => breakers.unsent(job),
    openBreakers: () => breakers.openCount(),
    close() {
      throttles.close();
      breakers.close();
      rates.close();
    },
  };
}
