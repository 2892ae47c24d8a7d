/**
 * Retry-After (RFC 9110 §10.2.3) in milliseconds from now: seconds, however many, or an HTTP date. null where it says neither.
 */
export function parseRetryAfter(text: string | undefined, nowMs: number): number | null {
  if (text === undefined) return null;
  if (/^\s*\d+\s*$/.test(text)) return Math.min(Number(text), MOST_SECONDS) * 1_000;
  // Date.parse takes much that is no HTTP date; all forms of one begin with the day's name.
  if (!/^\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null;
  // The form of asctime names no zone, and Date.parse would take it for this machine's. All HTTP dates are in UTC.
  const atMs = Date.parse(/GMT\s*$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

/** Thirty years: more than anybody is given, and exact in milliseconds. */
const MOST_SECONDS = 1_000_000_000;
