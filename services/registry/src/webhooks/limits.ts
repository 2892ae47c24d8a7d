/** What a client may set. Lengths are in characters. */
export const WEBHOOK_LIMITS = {
  perTenant: 10_000,
  url: 2048,
  eventTypes: 100,
  headers: 32,
  headerName: 128,
  headerValue: 4096,
  description: 1024,
  secret: { min: 16, max: 128 },
  /** Behind `whsec_`, decoded; Standard Webhooks' bounds. */
  secretBytes: { min: 24, max: 64 },
  page: { byDefault: 50, max: 200 },
} as const;
