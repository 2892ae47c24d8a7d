import { BREAKER_POLICY } from '@hookline/domain';
import { createMemoryLimits } from '@hookline/limits-memory';

/** Limits whose breakers stay closed: what tests let fail is to fail as often as they say. */
export const limits = createMemoryLimits({
  breaker: { ...BREAKER_POLICY, failuresInARow: 1_000, minOutcomes: 1_000 },
  deduplication: { pendingMs: 1, windowMs: 1, maxKeys: 1 },
});
