import { parseDuration } from '@hookline/domain';
import { z } from 'zod';
import { isPem, keyProblem, linesOf } from '../identity/configured-keys.ts';
import { decimal, duration, flag, integer, list, optionalDuration, port } from './values.ts';

/** Sections that several services read. Each service's schema is made of these and its own. */
export const hooklineSection = z.strictObject({
  data: z
    .string()
    .min(1)
    .default('./.hookline')
    .meta({ example: './.hookline' })
    .describe('The folder of the embedded back end. Locked while it is used'),
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .meta({ example: '0.0.0.0' })
    .describe('The address that every server listens on'),
  grace_period: duration('25s').describe('From SIGTERM to exit'),
  await_stores: duration('60s').describe(
    "How long a start waits for stores that aren't there yet, or whose tables and topics aren't",
  ),
  disable_failing_after: duration('5d').describe(
    'A webhook that does nothing but fail for so long is disabled ([retries.md](retries.md#webhooks-that-only-fail)). `0s`: never. The dispatchers and the registry must have the same',
  ),
});

export const logSection = z.strictObject({
  level: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, fatal, silent',
    })
    .default('info')
    .meta({ example: 'info' })
    .describe('`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`. JSON lines on stdout'),
});

const fileName = (example: string) => z.string().min(1).optional().meta({ example });

const optionalUrl = (protocols: RegExp, example: string) =>
  z
    .url({ protocol: protocols, error: `must be a URL such as ${example}` })
    .optional()
    .meta({ example });

export const databaseSection = z.strictObject({
  url: optionalUrl(/^postgres(ql)?$/, 'postgres://user:password@localhost:5432/hookline').describe(
    'PostgreSQL, `postgres://user:password@host:5432/database`',
  ),
  pool_size: integer(10, 1, 200).describe(
    'Connections of one process, 1 to 200; a lock that is held takes one more. PGlite has one session',
  ),
});

export const kafkaSection = z.strictObject({
  brokers: list('localhost:9092').describe('`host:port` of some brokers'),
  replication_factor: integer(1, 1, 7).describe(
    'Copies of the topics that `npm run prepare-stores` makes; 3 in production',
  ),
  min_insync_replicas: integer(1, 1, 7).describe(
    'Copies that must have a record before it is acknowledged; 2 in production. A service whose topics have another value refuses to start',
  ),
  ssl: flag(false).describe(
    "TLS to the brokers; their certificate is checked by the system's authorities, or by `ssl_ca_file`",
  ),
  ssl_ca_file: fileName('/etc/hookline/kafka/ca.pem').describe(
    "PEM file of the authority of the brokers' certificates",
  ),
  ssl_cert_file: fileName('/etc/hookline/kafka/client.pem').describe(
    'PEM file of our own certificate, for brokers that want one (mTLS)',
  ),
  ssl_key_file: fileName('/etc/hookline/kafka/client.key').describe('PEM file of its key'),
  sasl_mechanism: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'], { error: 'must be one of plain, scram-sha-256, scram-sha-512' })
    .optional()
    .meta({ example: 'scram-sha-512' })
    .describe(
      'How to log in to the brokers: `plain`, `scram-sha-256` or `scram-sha-512`. `plain` sends the password as it is: with `ssl` only',
    ),
  sasl_username: z.string().min(1).optional().meta({ example: 'hookline' }).describe('Who logs in'),
  sasl_password: z.string().min(1).optional().meta({ example: 'a-long-password' }).describe('With which password'),
});

export const redisSection = z.strictObject({
  url: optionalUrl(/^rediss?$/, 'redis://localhost:6379').describe(
    '`redis://user:password@host:6379`, or `rediss://` with TLS. Redis 6.2 or later with `maxmemory-policy noeviction`',
  ),
  cluster: flag(false).describe(
    'Whether it is a Redis Cluster, of which `url` names a node or the configuration endpoint',
  ),
  cluster_nodes: list('redis-2:6379').describe(
    '`host:port` of more nodes of the cluster, asked for the others while that in `url` is away',
  ),
  sentinels: list('sentinel-1:26379').describe(
    '`host:port` of sentinels. `url` then has the name by which they know the master: `redis://:password@mymaster`',
  ),
  sentinel_username: z
    .string()
    .min(1)
    .optional()
    .meta({ example: 'hookline' })
    .describe('Who logs in to the sentinels'),
  sentinel_password: z
    .string()
    .min(1)
    .optional()
    .meta({ example: 'a-long-password' })
    .describe("With which password; without it none, whatever the master's is"),
  ssl_ca_file: fileName('/etc/hookline/redis/ca.pem').describe(
    "For `rediss://`: PEM file of the authority of the server's certificate, without which the system's count. For sentinels the same",
  ),
  ssl_cert_file: fileName('/etc/hookline/redis/client.pem').describe(
    'PEM file of our own certificate, for a Redis that wants one (mTLS)',
  ),
  ssl_key_file: fileName('/etc/hookline/redis/client.key').describe('PEM file of its key'),
  ssl_servername: z
    .string()
    .min(1)
    .optional()
    .meta({ example: 'redis.example.com' })
    .describe("The name in the server's certificate, where servers are reached by another or by their address"),
});

function addKeyProblem(text: string, context: z.RefinementCtx): void {
  const message = keyProblem(text);
  if (message !== null) context.addIssue({ code: 'custom', message });
}

const keyText = z.string().superRefine(addKeyProblem);

export const securitySection = z
  .strictObject({
    jwt_secret: keyText
      .meta({ example: '"$(openssl rand -base64 48)"' })
      .describe(
        'Signs and verifies tokens. At least 32 characters (HS256), the same for all services; or keys in PEM (ES256, ES384, RS256), of which the first signs, and where public ones are enough for all but the registry ([authentication.md](authentication.md#signing-keys))',
      ),
    jwt_previous: z
      .string()
      .superRefine((text, context) => {
        for (const part of isPem(text) ? [text] : linesOf(text)) addKeyProblem(part, context);
      })
      .optional()
      .meta({ example: '"$(cat old-secret)"' })
      .describe('What signed before: tokens of it are accepted still. Secrets, a line each, or keys in PEM'),
    jwt_issuer: z
      .string()
      .min(1)
      .default('hookline')
      .meta({ example: 'hookline' })
      .describe('What tokens say that they are from'),
    jwt_audience: z
      .string()
      .min(1)
      .default('hookline')
      .meta({ example: 'hookline' })
      .describe('What tokens say that they are for'),
    jwt_expiry: duration('1h').describe('How long a token is valid'),
    refresh_expiry: duration('30d').describe('How long a login can be refreshed'),
    encryption_key: z
      .string()
      .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64')
      .meta({ example: '"$(openssl rand -base64 32)"' })
      .describe(
        "32 bytes in base64. Seals webhooks' secrets and headers; the same for registry and dispatcher, and not to be lost",
      ),
    encryption_previous_keys: list('"$(cat old-key)"').describe(
      'What sealed before: it opens still, and `npm run keys:rotate` seals anew what it has sealed',
    ),
    hmac_secret: z
      .string()
      .min(32, 'must have at least 32 characters')
      .max(128, 'must have at most 128 characters')
      .refine(
        (text) => !text.startsWith('whsec_') || isWebhookSecret(text),
        'behind whsec_ there must be 24 to 64 bytes in base64',
      )
      .optional()
      .meta({ example: '"whsec_$(openssl rand -base64 32)"' })
      .describe(
        'Signs for webhooks that are created without a secret of their own; without it each gets one made for it. Every tenant that creates one sees it: for those who trust each other',
      ),
    admin_password: z
      .string()
      .min(8, 'must have at least 8 characters')
      .optional()
      .meta({ example: 'a-long-passphrase' })
      .describe('At least 8 characters. The registry makes the user `admin` with it while there is no user'),
    oauth2_enabled: flag(false).describe('Tokens of an outside issuer (OpenID Connect) are accepted, too'),
    oauth2_issuer: z
      .url()
      .optional()
      .meta({ example: 'https://login.example.com' })
      .describe('What its tokens have as `iss`; its keys are found by its discovery document'),
    oauth2_audience: z
      .string()
      .min(1)
      .optional()
      .meta({ example: 'hookline' })
      .describe('What its tokens must have as `aud`'),
    oauth2_jwks_url: z
      .url()
      .optional()
      .meta({ example: 'https://login.example.com/keys' })
      .describe('Where its keys are, if it has no discovery document'),
    oauth2_tenant_claim: z
      .string()
      .min(1)
      .default('tenant')
      .meta({ example: 'tenant' })
      .describe('The claim that names the tenant'),
    oauth2_scope_claim: z
      .string()
      .min(1)
      .default('scope')
      .meta({ example: 'scope' })
      .describe('The claim that names the scopes: a list, or text with spaces; those that are not ours say nothing'),
    allow_networks: list('10.1.0.0/16').describe(
      'Networks (CIDR) that webhooks may point into although they are not public. The same for registry and dispatcher',
    ),
  })
  .describe(
    'The dispatcher verifies no tokens and does without `jwt_secret`; gateway, ingestion and observability open no secrets and do without `encryption_key`.',
  );

/** When a failed delivery is tried again: the preset `quick`. Read by the dispatcher, which decides, and kept under the retry manager's name. */
export const retryManagerSection = z
  .strictObject({
    max_retries: integer(5, 0, 100).describe('Attempts after the first'),
    initial_delay: duration('1s').describe(
      "The bound of the first retry's delay, which is drawn from 0 up to it (full jitter)",
    ),
    max_delay: duration('300s').describe("No delay's bound grows beyond this"),
    backoff_multiplier: decimal(2, 1, 10).describe("The next retry's bound is so many times the one before"),
    port: port(8084).describe('Health and metrics'),
    claim: duration('30s').describe('How long a claimed retry may take to be handed over; then it waits again'),
    batch_size: integer(500, 1, 10_000).describe('Due retries of one partition claimed at once'),
    max_waiting_per_webhook: integer(100_000, 1, 1_000_000_000).describe(
      'Deliveries of one webhook that wait, retries and put-off ones; newer ones become dead letters (`backlog_full`)',
    ),
    max_waiting_bytes_per_webhook: integer(256 * 1024 * 1024, 1024, 1024 ** 4).describe(
      'The same in bytes of their events, headers included',
    ),
    max_waiting_per_tenant: integer(100_000, 1, 1_000_000_000).describe('The same of all webhooks of one tenant'),
    max_waiting_bytes_per_tenant: integer(256 * 1024 * 1024, 1024, 1024 ** 4).describe('The same in bytes'),
    max_stored_bytes: integer(8 * 1024 ** 3, 1024 * 1024, 1024 ** 5).describe(
      'Of all that wait in PostgreSQL or PGlite; newer ones are late, not lost. In Redis it is 80 % of `maxmemory`',
    ),
  })
  .describe(
    'The first four keys are the policy `quick`; the dispatcher reads them, since it decides when a failed delivery is tried again. The policy `standard` is fixed.',
  );

/** Where traces go, and how many. */
export const tracingSection = z
  .strictObject({
    endpoint: optionalUrl(/^https?$/, 'http://localhost:4318').describe(
      'Base URL of an OpenTelemetry receiver (OTLP over HTTP), `http://localhost:4318`. Without it nothing is traced',
    ),
    sample_ratio: decimal(0.01, 0, 1).describe(
      'The share of events that are traced, of those that came without a `traceparent`; with one, its sampled flag decides',
    ),
  })
  .describe(
    "Gateway, ingestion and dispatcher make the spans. The SDK also reads OpenTelemetry's own variables, such as `OTEL_EXPORTER_OTLP_HEADERS` for a receiver that wants a token.",
  );

/** Where the registry answers about API keys and revocations. */
const registryAddress = () =>
  z
    .string()
    .min(1)
    .default('127.0.0.1:8081')
    .meta({ example: 'registry:8081' })
    .describe('gRPC target of the registry; over all addresses that the name has');

export const gatewaySection = z
  .strictObject({
    port: port(8080).describe('REST, health and metrics'),
    grpc_port: port(50051).describe('gRPC for services ([grpc.md](grpc.md))'),
    tokenless_dialects: flag(true).describe(
      'With `npm start` on the embedded back end, on loopback: addresses of other systems want no token ([dialects.md](dialects.md)). Anywhere else this does nothing. Switch it off before you put a proxy in front',
    ),
    dialect_port: port(8000).describe('Where the gateway listens besides while they want none'),
    registry_address: registryAddress(),
    ingestion_url: z
      .url()
      .default('http://127.0.0.1:8082')
      .meta({ example: 'http://ingestion:8082' })
      .describe('Where events go'),
    observability_url: z
      .url()
      .default('http://127.0.0.1:8085')
      .meta({ example: 'http://observability:8085' })
      .describe('Where the log is asked'),
    anonymous_per_minute: integer(60, 1, 1_000_000).describe(
      'Requests per minute of one address (IPv6: one /64) without a valid token, logins too',
    ),
    requests_per_minute: integer(60_000, 1, 100_000_000).describe(
      'Requests per minute of one tenant; events aside, which ingestion counts',
    ),
    max_streams: integer(2_000, 1, 100_000).describe(
      'Clients of the live feed on one gateway; past it the answer is 503',
    ),
    max_streams_per_tenant: integer(1_000, 1, 100_000).describe('Of one tenant; past it the answer is 429'),
    stream_backlog: integer(50_000, 1_000, 10_000_000).describe(
      'The latest attempts, of all tenants, that a gateway keeps while somebody listens: a cursor leads as far back, and whoever reads slowly may lag as far behind',
    ),
    trusted_proxies: integer(0, 0, 10).describe('How many proxies in front append to `X-Forwarded-For`'),
    cors_origins: list('https://app.example.com').describe(
      'Origins whose pages may ask (CORS); `*`: any. Without any, none may',
    ),
    ...tlsKeys(),
    portal_url: z
      .url({ protocol: /^https?$/, error: 'must be a URL such as https://hooks.example.com/portal' })
      .optional()
      .meta({ example: 'https://hooks.example.com/portal' })
      .describe('Where your portal for customers is: portal links lead there, with their code behind `#code=`'),
  })
  .describe('`npm start` takes the three addresses from the services that it has started, whatever is set here.');

export const registrySection = z.strictObject({
  grpc_port: port(8081).describe('gRPC'),
  port: port(9081).describe('Health and metrics'),
});

export const ingestionSection = z.strictObject({
  port: port(8082).describe('Events, health and metrics'),
  registry_address: registryAddress(),
  public_events: z
    .union([flag(true), z.literal('local')], { error: 'must be true, false or local' })
    .default('local')
    .meta({ example: 'true' })
    .describe(
      '`POST /events` without a token, into the tenant `default`: `true`, `false`, or `local`, where only this machine can reach it (`hookline.host`)',
    ),
  public_per_minute: integer(60_000, 1, 100_000_000).describe(
    'Events per minute of one address (IPv6: one /64) without a token',
  ),
  events_per_minute: integer(6_000_000, 1, 1_000_000_000).describe('Events per minute of one tenant with a token'),
  anonymous_per_minute: integer(600, 1, 1_000_000).describe(
    'Requests per minute of one address (IPv6: one /64) without a valid token where one is needed',
  ),
  trusted_proxies: integer(0, 0, 10).describe('How many proxies in front append to `X-Forwarded-For`'),
  max_in_flight: integer(8192, 1, 1_000_000).describe('Requests under way at once; past it the answer is 503'),
  max_in_flight_bytes: integer(128 * 1024 * 1024, 2 * 1024 * 1024, 64 * 1024 * 1024 * 1024).describe(
    'Bytes of their bodies; one of unknown length counts as the largest allowed',
  ),
  ...tlsKeys(),
});

/** What a tenant may have where nothing was set for it. */
export const quotasSection = z
  .strictObject({
    webhooks: integer(0, 0, 10_000).describe('Webhooks of one tenant. `0`: as many as any may have, 10,000'),
    events_per_day: integer(0, 0, 1_000_000_000_000).describe(
      'Events of one tenant in a day (UTC), whichever way they come to ingestion. `0`: any number',
    ),
    payload_bytes: integer(0, 0, 1024 * 1024).describe(
      "Bytes of an event's data. `0`: as many as any event may have, 1 MiB with its attributes",
    ),
    warn_percent: integer(80, 1, 99).describe(
      'The tenant is told by an event `quota.warning` when it has so many per cent of one of them, and when it has all',
    ),
  })
  .describe(
    'What each tenant may have; for one it can be set otherwise ([limits.md](limits.md#quotas)). The numbers must be the same for the registry and ingestion.',
  );

export const dedupSection = z
  .strictObject({
    window: duration('24h').describe('How long an event id is remembered'),
    max_keys: integer(5_000_000, 1, 1_000_000_000).describe(
      'How many are remembered at most, the oldest go first. In Redis no more than 40 % of `maxmemory`. Embedded: at most 1,000,000',
    ),
  })
  .describe('Used by ingestion.');

export const dispatcherSection = z.strictObject({
  port: port(8083).describe('Health and metrics'),
  http_timeout: duration('30s').describe(
    'Of one attempt with the policy `quick`, from connecting to the end of the answer',
  ),
  connect_timeout: duration('10s').describe(
    'Of connecting, and then again of the TLS handshake, within the time of the attempt. Finding the address has its own, three times 1.5 s',
  ),
  headers_timeout: optionalDuration('20s').describe(
    "From the request's being sent to the answer's headers, within the time of the attempt; none: that alone. Shorter than the longest `timeout` of any webhook, it ends the attempts of receivers that may take longer",
  ),
  body_timeout: duration('10s').describe("From the answer's headers to its end, within the time of the attempt"),
  worker_count: integer(1, 1, 64).describe(
    'Processes that send, each with the bounds below ([tuning.md](tuning.md)). More than 1: this one only supervises them, and answers for their health and metrics. Those beyond the partitions of `webhook.events`, 12, have nothing to do. With `npm start`, which is one process: 1',
  ),
  max_in_flight: integer(1024, 1, 65_536).describe(
    'Places for requests under way; one of more than 64 KiB takes several',
  ),
  max_in_flight_per_webhook: integer(64, 1, 65_536).describe(
    'The most to one webhook that sets none itself; what it has tunes itself below that',
  ),
  max_queued: integer(8_000, 1, 10_000_000).describe(
    'Deliveries that wait in memory; past it the largest backlog is shed to the retry schedule',
  ),
  max_queued_bytes: integer(64 * 1024 * 1024, 1024, 64 * 1024 * 1024 * 1024).describe(
    'Bytes of their events (and 1 KiB for each)',
  ),
  batch_size: integer(500, 1, 10_000).describe('Records handed to the dispatcher at once'),
  user_agent: z
    .string()
    .min(1)
    .default('Hookline/0.1')
    .meta({ example: 'Hookline/0.1' })
    .describe('The header `user-agent` of every request'),
  name_servers: list('10.0.0.2:53').describe(
    'Servers that receivers’ names are asked of, `address:port`, e.g. `10.0.0.2:53`; the system’s without any',
  ),
  proxy: optionalUrl(/^https?$/, 'http://user:password@proxy:3128').describe(
    'URL of a proxy that all requests to receivers and token endpoints go out through, `http://user:password@proxy:3128` (or `https://`), by CONNECT to the address that the guard has let through; it must allow that for every port that webhooks use',
  ),
});

/** When nothing is sent to a receiver that fails. Read by the dispatchers, which share what they see of each webhook. */
export const breakerSection = z
  .strictObject({
    failures_in_a_row: integer(5, 1, 1_000_000).describe(
      'It opens after so many failed attempts without a successful one between them; 429 is no failure here',
    ),
    failure_percent: integer(70, 1, 100).describe('Or when so many per cent of the attempts within `window` failed'),
    min_outcomes: integer(10, 1, 1_000_000).describe('And there were at least so many'),
    window: duration('5m').describe('Exact within a tenth of it. A breaker that hears nothing for so long begins anew'),
    open: duration('30s').describe(
      'How long it is open at first; then one attempt is made, which closes it or doubles that',
    ),
    max_open: duration('10m').describe('It never is open longer'),
  })
  .describe(
    "When nothing is sent to a receiver that fails. All dispatchers share what they see of a webhook; while they can't, each goes by what it sees itself. The numbers must be the same for all of them.",
  );

export const observabilitySection = z.strictObject({
  port: port(8085).describe("The log's API, health and metrics"),
  registry_address: registryAddress(),
  batch_size: integer(500, 1, 10_000).describe('Records of one partition handed over at once'),
  payloads: z
    .enum(['all', 'failed', 'none'], { error: 'must be one of all, failed, none' })
    .default('all')
    .meta({ example: 'failed' })
    .describe(
      "Whose events' data, and answers' headers and bodies, the log keeps: `all`; `failed`: of dead letters and failed attempts only, which costs least where most succeed; `none`. What isn't kept can't be shown, replayed or sent again from the log",
    ),
  retention: duration('30d').describe(
    "How long events, with their deliveries and attempts, are kept, by the day (UTC) of their acceptance: a day's tables are dropped when all of it is older. Longer than any delivery may take",
  ),
  tenant_retention: tenantDurations().describe(
    'Tenants that keep less: `acme=7d,globex=1d`, or a list. Their rows, and dead letters, are deleted in small steps',
  ),
  dead_letter_retention: duration('90d').describe('How long dead letters are kept'),
  audit_retention: duration('400d').describe('How long the audit log is kept'),
});

function isWebhookSecret(text: string): boolean {
  const bytes = Buffer.from(text.slice('whsec_'.length), 'base64').length;
  return bytes >= 24 && bytes <= 64;
}

/** Of a public listener; both or neither. */
function tlsKeys() {
  return {
    tls_cert_file: z
      .string()
      .min(1)
      .optional()
      .meta({ example: '/etc/hookline/tls/tls.crt' })
      .describe('PEM file of a certificate with its chain: with it and its key this listener speaks TLS only'),
    tls_key_file: z
      .string()
      .min(1)
      .optional()
      .meta({ example: '/etc/hookline/tls/tls.key' })
      .describe('PEM file of its key. Where the files are replaced, the new ones are used within 5 s'),
  };
}

/** `tenant=7d`, for as many tenants as one likes, as a map from tenants to milliseconds. */
function tenantDurations() {
  return list('acme=7d')
    .transform((items, context) => {
      const durations = new Map<string, number>();
      for (const item of items) {
        const [, tenant = '', span = ''] = /^(.+)=([^=]+)$/.exec(item) ?? [];
        const ms = parseDuration(span);
        if (tenant !== '' && ms !== null) durations.set(tenant, ms);
        else context.addIssue({ code: 'custom', message: `"${item}" is no tenant with a time span` });
      }
      return durations;
    })
    .meta({ example: 'acme=7d' });
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
  'quotas',
  'tracing',
  'gateway',
  'registry',
  'ingestion',
  'dispatcher',
  'breaker',
  'retry_manager',
  'observability',
]);
