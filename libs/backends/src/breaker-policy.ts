import type { BreakerPolicy } from '@hookline/domain';
import type { BackendsConfig } from './mode.ts';

/** The section `breaker` in the domain's words. */
export function breakerPolicy(section: NonNullable<BackendsConfig['breaker']>): BreakerPolicy {
  return {
    failuresInARow: section.failures_in_a_row,
    failurePercent: section.failure_percent,
    minOutcomes: section.min_outcomes,
    windowMs: section.window,
    openMs: section.open,
    maxOpenMs: section.max_open,
  };
}
