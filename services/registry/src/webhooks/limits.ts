const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 86_400 * SECOND_MS;

/** What a client may set. Lengths are in characters. */
export const WEBHOOK_LIMITS = {
  perTenant: 10_000,
  url: 2048,
  uid: 128,
  eventTypes: 100,
  headers: 32,
  headerName: 128,
  headerValue: 4096,
  description: 1024,
  /** Of all webhooks of a tenant. */
  filtersTogether: 4_194_304,
  metadata: { entries: 64, key: 128, value: 1024 },
  secret: { min: 16, max: 128 },
  /** Behind `whsec_`, decoded; Standard Webhooks' bounds. */
  secretBytes: { min: 24, max: 64 },
  /** Of secrets, and of signing keys, that sign at once. */
  signing: 5,
  overlapMs: { byDefault: DAY_MS, max: 7 * DAY_MS },
  page: { byDefault: 50, max: 200 },
} as const;

export const DELIVERY_LIMITS = {
  retries: 100,
  retryDelayMs: { min: 0, max: 7 * DAY_MS },
  maxAgeMs: { min: SECOND_MS, max: 30 * DAY_MS },
  ttlMs: { min: SECOND_MS, max: 30 * DAY_MS },
  timeoutMs: { min: 500, max: 2 * MINUTE_MS },
  rateLimit: { min: 1, max: 100_000 },
  rateWindowMs: { min: SECOND_MS, max: 60 * MINUTE_MS },
  maxInFlight: { min: 1, max: 1_024 },
} as const;

export const CREDENTIAL_LIMITS = {
  name: 256,
  secret: 1024,
  token: 8192,
  scope: 1024,
  /** Of each PEM text. */
  pem: 65_536,
  certificates: 20,
} as const;
