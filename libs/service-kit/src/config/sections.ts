import { parseDuration } from '@hookline/domain';
import { z } from 'zod';
import { decimal, duration, flag, integer, list, port } from './values.ts';

/** Sections that several services read. Each service's schema is made of these and its own. */
export const hooklineSection = z.strictObject({
  /** Where the embedded back end keeps its data. */
  data: z.string().min(1).default('./.hookline').meta({ example: './.hookline' }),
  /** The address that servers listen on. */
  host: z.string().min(1).default('127.0.0.1').meta({ example: '0.0.0.0' }),
  /** From SIGTERM to exit. */
  grace_period: duration('25s'),
  /** How long a start waits for stores that aren't there yet. */
  await_stores: duration('60s'),
  /** A webhook that does nothing but fail for so long is disabled; 0s: never. */
  disable_failing_after: duration('5d'),
});

export const logSection = z.strictObject({
  level: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, fatal, silent',
    })
    .default('info')
    .meta({ example: 'info' }),
});

const optionalUrl = (protocols: RegExp, example: string) =>
  z
    .url({ protocol: protocols, error: `must be a URL such as ${example}` })
    .optional()
    .meta({ example });

export const databaseSection = z.strictObject({
  /** PostgreSQL; without it PGlite in `hookline.data`. */
  url: optionalUrl(/^postgres(ql)?$/, 'postgres://user:password@localhost:5432/hookline'),
  /** Connections per process. */
  pool_size: integer(10, 1, 200),
});

export const kafkaSection = z.strictObject({
  /** Without brokers the event log is in the database. */
  brokers: list('localhost:9092'),
  replication_factor: integer(1, 1, 7),
  min_insync_replicas: integer(1, 1, 7),
});

export const redisSection = z.strictObject({
  url: optionalUrl(/^rediss?$/, 'redis://localhost:6379'),
});

export const securitySection = z.strictObject({
  /** Signs tokens (HS256). */
  jwt_secret: z.string().min(32, 'must have at least 32 characters').meta({ example: '"$(openssl rand -base64 48)"' }),
  jwt_expiry: duration('1h'),
  /** 32 bytes in base64; encrypts webhooks' secrets and headers at rest. */
  encryption_key: z
    .string()
    .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64')
    .meta({ example: '"$(openssl rand -base64 32)"' }),
  /** The first start makes the user `admin` with this. */
  admin_password: z
    .string()
    .min(8, 'must have at least 8 characters')
    .optional()
    .meta({ example: 'a-long-passphrase' }),
  /** Networks (CIDR) that webhooks may point to although they are private, e.g. in tests. */
  allow_networks: list('10.1.0.0/16'),
});

/** When a failed delivery is tried again: the preset `quick`. Read by the dispatcher, which decides, and kept under the retry manager's name. */
export const retryManagerSection = z.strictObject({
  max_retries: integer(5, 0, 100),
  initial_delay: duration('1s'),
  max_delay: duration('300s'),
  backoff_multiplier: decimal(2, 1, 10),
  port: port(8084),
  /** How long a claimed retry may take to be handed over. */
  claim: duration('30s'),
  /** Due retries taken at once. */
  batch_size: integer(500, 1, 10_000),
  /** What may wait of one webhook, and of one tenant: deliveries, and bytes of their events; beyond that they become dead letters. */
  max_waiting_per_webhook: integer(100_000, 1, 1_000_000_000),
  max_waiting_bytes_per_webhook: integer(256 * 1024 * 1024, 1024, 1024 ** 4),
  max_waiting_per_tenant: integer(100_000, 1, 1_000_000_000),
  max_waiting_bytes_per_tenant: integer(256 * 1024 * 1024, 1024, 1024 ** 4),
  /** Of all retries that wait in PostgreSQL or PGlite. In Redis its maxmemory decides. */
  max_stored_bytes: integer(8 * 1024 ** 3, 1024 * 1024, 1024 ** 5),
});

/** Where traces go, and how many. */
export const tracingSection = z.strictObject({
  /** Base URL of an OTLP/HTTP receiver; without it nothing is traced. */
  endpoint: optionalUrl(/^https?$/, 'http://localhost:4318'),
  /** Of the events that come without a `traceparent`; with one, its sampled flag decides. */
  sample_ratio: decimal(0.01, 0, 1),
});

export const gatewaySection = z.strictObject({
  port: port(8080),
  registry_address: z.string().min(1).default('127.0.0.1:8081').meta({ example: 'registry:8081' }),
  ingestion_url: z.url().default('http://127.0.0.1:8082').meta({ example: 'http://ingestion:8082' }),
  observability_url: z.url().default('http://127.0.0.1:8085').meta({ example: 'http://observability:8085' }),
  /** Requests per minute of one address without a valid token. */
  anonymous_per_minute: integer(60, 1, 1_000_000),
  /** Requests per minute of one tenant, events aside. */
  requests_per_minute: integer(60_000, 1, 100_000_000),
  /** How many proxies in front of the gateway append to X-Forwarded-For. */
  trusted_proxies: integer(0, 0, 10),
});

export const registrySection = z.strictObject({
  grpc_port: port(8081),
  port: port(9081),
});

export const ingestionSection = z.strictObject({
  port: port(8082),
  /** `POST /events` without a token, into the default tenant. */
  public_events: flag(true),
  /** Public requests per minute of one address. */
  public_per_minute: integer(60_000, 1, 100_000_000),
  /** Events per minute of one tenant. */
  events_per_minute: integer(6_000_000, 1, 1_000_000_000),
  /** Requests per minute of one address without a valid token. */
  anonymous_per_minute: integer(600, 1, 1_000_000),
  /** How many proxies in front of ingestion append to X-Forwarded-For. */
  trusted_proxies: integer(0, 0, 10),
  /** Requests under way at once, and the bytes of their bodies; past either the answer is 503. */
  max_in_flight: integer(8192, 1, 1_000_000),
  max_in_flight_bytes: integer(128 * 1024 * 1024, 2 * 1024 * 1024, 64 * 1024 * 1024 * 1024),
});

export const dedupSection = z.strictObject({
  window: duration('24h'),
  max_keys: integer(5_000_000, 1, 1_000_000_000),
});

export const dispatcherSection = z.strictObject({
  port: port(8083),
  http_timeout: duration('30s'),
  /** Requests under way at once, over all webhooks. */
  max_in_flight: integer(1024, 1, 65_536),
  /** Requests under way at once to one webhook. */
  max_in_flight_per_webhook: integer(64, 1, 65_536),
  /** Deliveries queued in memory; past it the longest queue is shed to the retry schedule. */
  max_queued: integer(20_000, 1, 10_000_000),
  /** Bytes of events held in memory by those. */
  max_queued_bytes: integer(128 * 1024 * 1024, 1024, 64 * 1024 * 1024 * 1024),
  /** Records fetched at once. */
  batch_size: integer(500, 1, 10_000),
  user_agent: z.string().min(1).default('Hookline/0.1').meta({ example: 'Hookline/0.1' }),
  /** Servers that receivers' names are asked of, `address:port`; the system's without any. */
  name_servers: list('10.0.0.2:53'),
  /** What requests to receivers go out through; may hold a user and a password. */
  proxy: optionalUrl(/^https?$/, 'http://user:password@proxy:3128'),
});

/** When nothing is sent to a receiver that fails. Read by the dispatchers, which share what they see of each webhook. */
export const breakerSection = z.strictObject({
  failures_in_a_row: integer(5, 1, 1_000_000),
  /** Per cent of at least `min_outcomes` within `window`. */
  failure_percent: integer(70, 1, 100),
  min_outcomes: integer(10, 1, 1_000_000),
  window: duration('5m'),
  /** At first; each failing probe doubles it, up to `max_open`. */
  open: duration('30s'),
  max_open: duration('10m'),
});

export const observabilitySection = z.strictObject({
  port: port(8085),
  /** Records fetched at once. */
  batch_size: integer(500, 1, 10_000),
  /** Which events' data and answers' bodies and headers the log keeps. */
  payloads: z
    .enum(['all', 'failed', 'none'], { error: 'must be one of all, failed, none' })
    .default('all')
    .meta({ example: 'failed' }),
  /** Events, and what became of them, by the day of their acceptance. */
  retention: duration('30d'),
  /** Tenants whose days go earlier. */
  tenant_retention: tenantDurations(),
  dead_letter_retention: duration('90d'),
});

/** `tenant=7d`, for as many tenants as one likes, as a map from tenants to milliseconds. */
function tenantDurations() {
  return list('acme=7d').transform((items, context) => {
    const durations = new Map<string, number>();
    for (const item of items) {
      const [, tenant = '', span = ''] = /^(.+)=([^=]+)$/.exec(item) ?? [];
      const ms = parseDuration(span);
      if (tenant !== '' && ms !== null) durations.set(tenant, ms);
      else context.addIssue({ code: 'custom', message: `"${item}" is no tenant with a time span` });
    }
    return durations;
  });
}

/** Every section that config.yaml may hold: a service ignores those that are other services'. */
export const SECTION_NAMES: ReadonlySet<string> = new Set([
  'hookline',
  'log',
  'database',
  'kafka',
  'redis',
  'security',
  'dedup',
  'tracing',
  'gateway',
  'registry',
  'ingestion',
  'dispatcher',
  'breaker',
  'retry_manager',
  'observability',
]);
