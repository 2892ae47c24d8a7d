import type { Described } from '../http/route.ts';

/** The codes that a route may answer with, by status: what follows from what it is, and what it says itself. */
export function problemsOf({ access, doc }: Described): Map<number, string[]> {
  const problems = new Map<number, string[]>();
  function add(status: number, ...codes: string[]): void {
    problems.set(status, [...new Set([...(problems.get(status) ?? []), ...codes])]);
  }

  if (doc.query !== undefined || doc.body !== undefined) add(400, 'invalid_input');
  if (doc.body !== undefined) add(400, 'invalid_json');
  if (doc.resource !== undefined) {
    add(400, 'invalid_path');
    add(404, doc.resource.missing);
  }
  if (access !== 'public') add(401, 'unauthenticated', 'token_expired', 'token_revoked');
  if (access !== 'public' && access !== 'token') add(403, 'missing_scope');
  if (doc.body !== undefined) {
    add(413, 'too_large');
    add(415, 'unsupported_media_type');
  }
  // Of a request line, or headers, too long to be looked at.
  add(431, 'headers_too_large');
  // What the gateway answers by itself it answers everybody, always.
  if (doc.tag !== 'operations') {
    add(429, 'rate_limited');
    add(503, 'unavailable', 'upstream_unavailable', 'overloaded', 'keys_unavailable');
  }
  for (const [status, codes] of Object.entries(doc.problems ?? {})) add(Number(status), ...codes);
  return new Map([...problems].toSorted(([a], [b]) => a - b));
}
