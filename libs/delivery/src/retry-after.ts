/**
 * Retry-After (RFC 9110 §10.2.3) in milliseconds from now: seconds, or an HTTP date. null where it says neither.
 */
export function parseRetryAfter(text: string | undefined, nowMs: number): number | null {
  if (text === undefined) return null;
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1_000;
  // Date.parse takes much that is no HTTP date; all forms of one begin with the day's name.
  if (!/^\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
