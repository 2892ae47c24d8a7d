import type { Limits } from '@hookline/limits';
import { within, type Log } from '@hookline/service-kit';
import type { DispatcherMetrics } from '../metrics.ts';

export type DispatchLimits = Pick<Limits, 'rates' | 'slots' | 'breakers'>;

export interface SharedLimitsDeps {
  shared: DispatchLimits;
  /** Of this process alone. */
  local: DispatchLimits;
  /** This dispatcher's part of all work, in (0, 1]. */
  share: () => number;
  metrics: Pick<DispatcherMetrics, 'limitsFailures'>;
  log: Log;
}

const CALL_DEADLINE_MS = 500;
const PAUSE_MS = 1_000;

/**
 * The shared limits; while their store is away, this process' own, openly: a rate is then divided by what this dispatcher has of the work, and a breaker is
 * its own. Nothing waits for the store longer than half a second, and while it is away it is asked once a second for each kind of them: one that is full
 * refuses rates, and nothing else.
 */
export function createSharedLimits({ shared, local, share, metrics, log }: SharedLimitsDeps): DispatchLimits {
  const pausedUntilMs = { rate: 0, slots: 0, breaker: 0 };

  async function call<T>(
    name: keyof typeof pausedUntilMs,
    onShared: () => Promise<T>,
    onLocal: () => Promise<T>,
  ): Promise<T> {
    if (performance.now() < pausedUntilMs[name]) return onLocal();
    try {
      return await within(CALL_DEADLINE_MS, 'the store of limits', onShared());
    } catch (error) {
      pausedUntilMs[name] = performance.now() + PAUSE_MS;
      metrics.limitsFailures.inc({ call: name });
      log.warn({ call: name, error: (error as Error).message }, 'limits.unavailable');
      return onLocal();
    }
  }

  return {
    rates: {
      take: (takes, nowMs) =>
        call(
          'rate',
          () => shared.rates.take(takes, nowMs),
          () => {
            const part = share();
            return local.rates.take(
              takes.map((take) => ({ ...take, limit: Math.max(1, Math.floor(take.limit * part)) })),
              nowMs,
            );
          },
        ),
    },
    slots: {
      reserve: (reservations, nowMs) =>
        call(
          'slots',
          () => shared.slots.reserve(reservations, nowMs),
          () => {
            const part = share();
            return local.slots.reserve(
              reservations.map((each) => ({ ...each, intervalMs: each.intervalMs / part })),
              nowMs,
            );
          },
        ),
    },
    breakers: {
      report: (reports, nowMs) =>
        call(
          'breaker',
          () => shared.breakers.report(reports, nowMs),
          () => local.breakers.report(reports, nowMs),
        ),
      claimProbes: (claims, nowMs) =>
        call(
          'breaker',
          () => shared.breakers.claimProbes(claims, nowMs),
          () => local.breakers.claimProbes(claims, nowMs),
        ),
    },
  };
}
