import { requireScope, type Clock } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import type { Limits } from '@hookline/limits';
import {
  configuredKeys,
  createAuthenticator,
  createHealth,
  createOpsHandler,
  createOutsideIssuer,
  createTokens,
  listen,
  noTracer,
  sendProblem,
  tlsFilesOf,
  tokenNames,
  type Credentials,
  type HttpServer,
  type Log,
  type Service,
  type Tracer,
} from '@hookline/service-kit';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GrpcServer } from '@hookline/service-kit/grpc';
import type { Registry } from 'prom-client';
import { createAccessClient } from './access-client.ts';
import { createApp, type Extra } from './app.ts';
import type { GatewayConfig } from './config.ts';
import { createDirect } from './direct.ts';
import { createUpstream } from './forward.ts';
import { listenApi } from './grpc/api.ts';
import { createCors } from './http/cors.ts';
import { createEdge } from './http/edge.ts';
import { createEdgeLimits } from './http/limits.ts';
import type { LocalAccess } from './http/local-access.ts';
import { createGatewayMetrics } from './metrics.ts';
import { createRegistryClient } from './registry-client.ts';
import { createRoutes } from './routes/all.ts';
import { STREAM_PATH, STREAM_SCOPE } from './routes/stream.ts';
import { createAccept } from './stream/accept.ts';
import { createFeed } from './stream/feed.ts';
import { createUpgrade } from './stream/upgrade.ts';

export interface GatewayDependencies {
  config: GatewayConfig;
  limits: Limits;
  /** API keys and what was revoked; without it there are none. */
  credentials?: Credentials;
  log: Log;
  metrics: Registry;
  clock: Clock;
  extra?: Extra;
  /** Ingestion is a part of this process. */
  ownServices?: boolean;
  local?: LocalAccess;
  tracer?: Tracer;
  /** Asked when somebody first wants to see what happens as it happens. */
  openEventLog: () => Promise<EventLog>;
}

export interface GatewayService extends Service {
  port(): number;
  grpcPort(): number;
  /** Where other systems' commands look for it; 0: nowhere, or the port is taken. */
  dialectPort(): number;
}

const REGISTRY_CHECK_MS = 1_500;
/** Ingestion itself tries for 30 s to append. */
const INGESTION_DEADLINE_MS = 35_000;
const OBSERVABILITY_DEADLINE_MS = 10_000;

/** The public edge of the platform. */
export function createGateway(dependencies: GatewayDependencies): GatewayService {
  const { config, log, clock, extra, local, tracer = noTracer } = dependencies;
  const { gateway, security, hookline } = config;
  const metrics = createGatewayMetrics(dependencies.metrics);
  const now = () => clock.now();
  const signingKeys = configuredKeys(security);
  const tokens = createTokens(signingKeys, security.jwt_expiry, now, tokenNames(security));
  const outside = createOutsideIssuer(security, { log, now });
  const authenticator = createAuthenticator({ tokens, outside, credentials: dependencies.credentials, log, now });
  const registry = createRegistryClient(gateway.registry_address);
  const access = createAccessClient(gateway.registry_address);
  const ingestion = createUpstream({
    name: 'ingestion',
    url: gateway.ingestion_url,
    deadlineMs: INGESTION_DEADLINE_MS,
    metrics,
    own: dependencies.ownServices ?? false,
  });
  const observability = createUpstream({
    name: 'observability',
    url: gateway.observability_url,
    deadlineMs: OBSERVABILITY_DEADLINE_MS,
    metrics,
  });
  const tls = tlsFilesOf('gateway', gateway);
  const limits = createEdgeLimits(
    { limits: dependencies.limits, log, metrics, now },
    {
      anonymousPerMinute: gateway.anonymous_per_minute,
      tenantPerMinute: gateway.requests_per_minute,
      trustedProxies: gateway.trusted_proxies,
    },
  );
  // Without the registry events can still be published, so it does not take the gateway out of service.
  const health = createHealth({});
  const edge = createEdge({
    authenticator,
    limits,
    log,
    metrics,
    local,
    isDraining: () => health.state() === 'draining',
    cors: createCors(gateway.cors_origins),
    secure: tls !== undefined,
    trustedProxies: gateway.trusted_proxies,
  });
  const feed = createFeed({
    openEventLog: dependencies.openEventLog,
    log,
    metrics,
    clock,
    bounds: {
      streams: gateway.max_streams,
      streamsPerTenant: gateway.max_streams_per_tenant,
      backlog: gateway.stream_backlog,
    },
  });
  const accept = createAccept({
    feed,
    registry,
    verify: async ({ headers }) =>
      requireScope((await authenticator.verify(headers.authorization)).scopes, STREAM_SCOPE),
  });
  const routes = createRoutes({
    registry,
    access,
    signingKeys,
    portalUrl: gateway.portal_url,
    ingestion,
    observability,
    limits,
    breakers: dependencies.limits.breakers,
    tracer,
    accept,
    tallies: dependencies.limits.tallies,
    now,
  });
  const upgrade = createUpgrade({ path: STREAM_PATH, scope: STREAM_SCOPE, accept, edge });
  const direct = createDirect(routes.direct, edge);
  const app = createApp({ routes: routes.all, edge, extra });
  const ops = createOpsHandler(health, dependencies.metrics);
  let server: HttpServer | undefined;
  let grpc: GrpcServer | undefined;
  let besides: HttpServer | undefined;
  let closing: Promise<void> | undefined;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!(await ops(request, response))) app(request, response);
    } catch (error) {
      log.error({ err: error }, 'request.failed');
      sendProblem(response, error);
    }
  }

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (!direct(request, response)) void serve(request, response);
  };

  function listenAt(port: number, setting: string, secured?: typeof tls): Promise<HttpServer> {
    return listen(handle, { host: hookline.host, port, setting, tls: secured, log });
  }

  /** Another program may have the port: that is no reason not to start. */
  async function listenBesides(port: number): Promise<HttpServer | undefined> {
    try {
      return await listenAt(port, 'gateway.dialect_port');
    } catch (error) {
      log.warn({ err: error, port }, 'dialect_port.taken');
      return undefined;
    }
  }

  async function close(deadlineAtMs: number): Promise<void> {
    health.become('draining');
    grpc?.serving(false);
    await Promise.all([feed.close(), ...[server, grpc, besides].map((listening) => listening?.close(deadlineAtMs))]);
    ingestion.close();
    observability.close();
    authenticator.close();
    registry.close();
    access.close();
    limits.close();
    health.become('closed');
  }

  return {
    name: 'gateway',
    port: () => server?.port ?? 0,
    grpcPort: () => grpc?.port ?? 0,
    dialectPort: () => besides?.port ?? 0,

    async start() {
      authenticator.start();
      server = await listenAt(gateway.port, 'gateway.port', tls);
      server.server.on('upgrade', upgrade);
      if (local !== undefined) besides = await listenBesides(local.port);
      grpc = await listenApi(
        { authenticator, limits, log, metrics, registry, ingestion, observability, accept },
        { host: hookline.host, port: gateway.grpc_port, tls },
      );
      await registry.ping(REGISTRY_CHECK_MS).catch((error: unknown) => {
        log.warn({ err: error, address: gateway.registry_address }, 'registry.away');
      });
      grpc.serving(true);
      health.become('ready');
      log.info({ port: server.port, grpcPort: grpc.port }, 'service.ready');
    },

    close(deadlineAtMs) {
      closing ??= close(deadlineAtMs);
      return closing;
    },
  };
}
