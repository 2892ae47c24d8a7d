import type { EngineCounts } from '@hookline/delivery';

const STALLED_MS = 5_000;

/**
 * A check for readiness: deliveries wait, and yet for seconds nothing is sent and no outcome is on its way. That is never right, so it is to be
 * seen whatever the cause. It looks when it is asked.
 */
export function createStallCheck(counts: () => EngineCounts): () => string | undefined {
  let sinceMs: number | null = null;
  return () => {
    const { waiting, inFlight, settling } = counts();
    if (waiting === 0 || inFlight > 0 || settling > 0) {
      sinceMs = null;
      return undefined;
    }
    sinceMs ??= performance.now();
    if (performance.now() - sinceMs < STALLED_MS) return undefined;
    return `${waiting} deliveries wait and none is sent`;
  };
}
