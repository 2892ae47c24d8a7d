import type { Clock } from '@hookline/domain';
import { meterEventLog, type EventLog } from '@hookline/event-log';
import type { Limits } from '@hookline/limits';
import {
  createEventLogMetrics,
  createAdmission,
  configuredKeys,
  createAuthenticator,
  createHealth,
  createOpsHandler,
  createOutsideIssuer,
  createTokens,
  tokenNames,
  type Credentials,
  type HttpServer,
  listen,
  type Log,
  noQuotaSource,
  noTracer,
  opensPublicEvents,
  type QuotaSource,
  type Service,
  tlsFilesOf,
  type Tracer,
} from '@hookline/service-kit';
import type { Registry } from 'prom-client';
import { createAccept } from './accept.ts';
import { createAppender } from './append.ts';
import type { IngestionConfig } from './config.ts';
import { createDeduplicator } from './deduplicate.ts';
import { createEventTypes } from './event-types.ts';
import { createHandler } from './http.ts';
import { createIdempotencyKeys } from './idempotency-key.ts';
import { createIngestionMetrics } from './metrics.ts';
import { createPublisher } from './publish.ts';
import { followQuotas } from './quotas/follow-quotas.ts';
import { createEventQuotas } from './quotas/quotas.ts';
import { createWarner } from './quotas/warn.ts';
import { createRateLimits } from './rate-limits.ts';

export interface IngestionDeps {
  config: Pick<IngestionConfig, 'hookline' | 'security' | 'ingestion' | 'quotas'>;
  log: Log;
  metrics: Registry;
  clock: Clock;
  eventLog: EventLog;
  limits: Limits;
  /** API keys and what was revoked; without it there are none. */
  credentials?: Credentials;
  /** What was set for tenants; without it the configuration's quotas hold for all. */
  quotas?: QuotaSource;
  /** How many event ids the limits forgot for want of room. */
  droppedIds: () => number;
  /** A loop ended past its retries: the process must end. */
  fail: (error: Error) => void;
  tracer?: Tracer;
}

export interface Ingestion extends Service {
  /** Where it listens, once started. */
  readonly port: number;
}

/** Accepts an event once, makes it durable, answers 202. Whoever gave it the event log and the limits closes them after it. */
export function createIngestion(deps: IngestionDeps): Ingestion {
  const { config, log, clock, limits, fail, tracer = noTracer } = deps;
  const { eventLog, meter } = meterEventLog(deps.eventLog);
  createEventLogMetrics(deps.metrics, meter, () => clock.now());
  const metrics = createIngestionMetrics(deps.metrics, deps.droppedIds);
  const appender = createAppender(eventLog, log);
  const deduplicator = createDeduplicator({ deduplication: limits.deduplication, clock, log, metrics });
  const { warn_percent: warnPercent, ...defaults } = config.quotas;
  const followed = followQuotas({ source: deps.quotas ?? noQuotaSource, defaults, log });
  const warner = createWarner({ appender, deduplicator, warnPercent, clock, log, metrics });
  const quotas = createEventQuotas({ tallies: limits.tallies, quotas: followed, warner, clock, log, metrics });
  const publisher = createPublisher({ appender, deduplicator, quotas, metrics });
  const eventTypes = createEventTypes({ eventLog, log, metrics, fail });
  const rateLimits = createRateLimits({
    rates: limits.rates,
    publicPerMinute: config.ingestion.public_per_minute,
    anonymousPerMinute: config.ingestion.anonymous_per_minute,
    eventsPerMinute: config.ingestion.events_per_minute,
    trustedProxies: config.ingestion.trusted_proxies,
    clock,
    log,
    metrics,
  });
  const health = createHealth({ event_log: () => appender.check() });

  const now = () => clock.now();
  const tokens = createTokens(
    configuredKeys(config.security),
    config.security.jwt_expiry,
    now,
    tokenNames(config.security),
  );
  const outside = createOutsideIssuer(config.security, { log, now });
  const authenticator = createAuthenticator({ tokens, outside, credentials: deps.credentials, log, now });
  const accept = createAccept({
    authenticator,
    rateLimits,
    publicEvents: opensPublicEvents(config),
    quotas,
    eventTypes,
    admission: createAdmission(config.ingestion.max_in_flight, config.ingestion.max_in_flight_bytes),
    idempotencyKeys: createIdempotencyKeys(deduplicator),
    publisher,
    clock,
    tracer,
    metrics,
  });
  const tls = tlsFilesOf('ingestion', config.ingestion);
  const handler = createHandler({
    accept,
    ops: createOpsHandler(health, deps.metrics),
    log,
    metrics,
    isDraining: () => health.state() !== 'ready',
    secure: tls !== undefined,
  });
  let server: HttpServer | undefined;
  let closing: Promise<void> | undefined;

  async function stop(deadlineAtMs: number): Promise<void> {
    health.become('draining');
    await server?.close(deadlineAtMs);
    authenticator.close();
    await publisher.settled();
    rateLimits.close();
    followed.close();
    await warner.settled();
    await quotas.close();
    await eventTypes.close();
    health.become('closed');
    log.info('ingestion.closed');
  }

  return {
    name: 'ingestion',
    get port() {
      if (server === undefined) throw new Error('ingestion has not been started');
      return server.port;
    },
    async start() {
      const { host } = config.hookline;
      authenticator.start();
      await Promise.all([eventTypes.start(), followed.start()]);
      server = await listen(handler, { host, port: config.ingestion.port, setting: 'ingestion.port', tls, log });
      health.become('ready');
      log.info({ host, port: server.port }, 'ingestion.started');
    },
    close(deadlineAtMs) {
      closing ??= stop(deadlineAtMs);
      return closing;
    },
  };
}
