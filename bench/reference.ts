/**
 * What the bare loops cost where they were first measured (CPU µs per event, Node 26, two cores, the same clients). A bare loop that costs much more
 * here was written or run badly, and must not make the product look good.
 */
const REFERENCE_US = {
  // Consume 4.9, dispatch and sign 18 (one destination, 64 in flight) or 33 (a hundred, 256), append the record 13.
  'deliver 1 webhook': 36,
  'deliver 100 webhooks': 51,
  // node:http with the same producer.
  'ingest single': 51,
  'ingest batch 100': 17,
  // Both halves of the pipeline without a log: accept and dispatch.
  'e2e single': 98,
  'e2e batch 100': 68,
} as const;

const TOLERANCE = 1.3;
const slow: string[] = [];

export function checkBare(name: keyof typeof REFERENCE_US, us: number): string {
  const reference = REFERENCE_US[name];
  if (us <= reference * TOLERANCE) return `bare within 30 % of the reference (${reference} µs)`;
  const problem = `the bare loop of ${name} took ${us.toFixed(1)} µs, more than 30 % above the reference of ${reference} µs`;
  slow.push(problem);
  return problem;
}

/** Bare loops that were too slow to compare with: the bench fails. */
export function slowBares(): readonly string[] {
  return slow;
}
