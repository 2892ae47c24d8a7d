/** Bounds of what proves who asks. */
export const ACCESS_LIMITS = {
  perTenant: 200,
  /** Keys that one API key is accepted by at once. */
  secrets: 5,
  name: 128,
  /** Requests, and events, per second. */
  rateLimit: 1_000_000,
  /** Sessions of one user: a new one ends the oldest. */
  sessions: 100,
  username: 128,
  page: { byDefault: 50, max: 200 },
  overlapMs: { byDefault: 86_400_000, max: 2_592_000_000 },
  portal: { linkMs: 900_000, sessionMs: { byDefault: 3_600_000, min: 60_000, max: 86_400_000 } },
} as const;
