import { GROUP } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import { createSender } from '@hookline/delivery';
import { createAddressGuard, InvalidInput, NotFound, type Clock } from '@hookline/domain';
import { meterEventLog, type Consumption, type EventLog } from '@hookline/event-log';
import {
  createEventLogMetrics,
  configuredKeys,
  createAuthenticator,
  createHealth,
  createOpsHandler,
  createOutsideIssuer,
  createSealing,
  createTokens,
  listen,
  sendProblem,
  tokenNames,
  type Credentials,
  type HttpServer,
  type Log,
  type QuotaSource,
  type Service,
} from '@hookline/service-kit';
import type { GrpcServer } from '@hookline/service-kit/grpc';
import type { Registry } from 'prom-client';
import { createApiKeys } from './access/api-keys.ts';
import { createClientTokens } from './access/client-tokens.ts';
import { createCredentials } from './access/credentials.ts';
import { createPortal } from './access/portal.ts';
import { createSessions } from './access/sessions.ts';
import { createTenants } from './access/tenants.ts';
import { createRelay } from './changes/relay.ts';
import type { RegistryConfig } from './config.ts';
import { createEventTypePublisher } from './event-types/publish.ts';
import { createEventTypes } from './event-types/event-types.ts';
import { createAccessHandlers } from './grpc/access-handlers.ts';
import { createHandlers } from './grpc/handlers.ts';
import { listenGrpc } from './grpc/server.ts';
import { createPlatformEvents } from './health/platform-events.ts';
import { createRegistryMetrics } from './metrics.ts';
import { createTenantQuotas } from './quotas/quotas.ts';
import { createReportedHandler, REPORTED_TOPICS } from './reported.ts';
import { createAccounts } from './users/accounts.ts';
import { createPasswords } from './users/passwords.ts';
import { createUsers } from './users/users.ts';
import { createHandshake } from './webhooks/handshake.ts';
import { createTestSend } from './webhooks/test-send.ts';
import { createWebhooks } from './webhooks/webhooks.ts';

export interface RegistryDependencies {
  config: RegistryConfig;
  /** With the migrations applied. */
  database: Database;
  eventLog: EventLog;
  log: Log;
  metrics: Registry;
  clock: Clock;
  /** A loop ended past its retries: the process must end. */
  fail: (error: Error) => void;
}

export interface RegistryService extends Service {
  grpcPort(): number;
  /** What services of the same process verify with. */
  readonly credentials: Credentials;
  /** What was set for tenants, for those. */
  readonly quotas: QuotaSource;
  /** Of health and metrics. */
  port(): number;
}

const CHECK_DEADLINE_MS = 2_000;

/** Owns tenants, users and webhooks, and tells the dispatchers of every change. */
export function createRegistry(dependencies: RegistryDependencies): RegistryService {
  const { config, database, log, clock, fail } = dependencies;
  const { eventLog, meter } = meterEventLog(dependencies.eventLog);
  createEventLogMetrics(dependencies.metrics, meter, () => clock.now());
  const { security, hookline } = config;
  const metrics = createRegistryMetrics(dependencies.metrics);
  const guard = createAddressGuard(security.allow_networks);
  const sealing = createSealing(security.encryption_key, security.encryption_previous_keys);
  const now = () => clock.now();
  if (configuredKeys(security).signer === null) {
    throw new InvalidInput(
      'security.jwt_secret holds public keys only, but the registry signs tokens: give it the private key, e.g. SECURITY_JWT_SECRET_FILE=/run/keys/hookline.pem',
    );
  }
  const tokens = createTokens(configuredKeys(security), security.jwt_expiry, now, tokenNames(security));
  const credentials = createCredentials(database, clock);
  const outside = createOutsideIssuer(security, { log, now });
  const authenticator = createAuthenticator({ tokens, outside, credentials, log, now });
  const relay = createRelay({ database, eventLog, log, metrics });
  const { proxy, name_servers: servers, ...timeouts } = config.dispatcher;
  const sender = createSender({
    guard,
    proxy,
    connectTimeoutMs: timeouts.connect_timeout,
    headersTimeoutMs: timeouts.headers_timeout,
    bodyTimeoutMs: timeouts.body_timeout,
    names: servers.length > 0 ? { servers } : {},
  });
  const handshake = createHandshake({ sender, userAgent: config.dispatcher.user_agent });
  const sharedSecret = security.hmac_secret;
  const platformEvents = createPlatformEvents({ database, eventLog, log });
  const quotas = createTenantQuotas({ database, clock, defaults: config.quotas });
  const webhooks = createWebhooks({
    database,
    sealing,
    relay,
    guard,
    handshake,
    quotas,
    platformEvents,
    clock,
    sharedSecret,
  });
  const publisher = createEventTypePublisher({ database, eventLog, log });
  const eventTypes = createEventTypes({ database, publisher, clock });
  const testSend = createTestSend({ sender, userAgent: config.dispatcher.user_agent, clock });
  const { jwt_expiry: tokenMs, refresh_expiry: sessionMs } = security;
  const sessions = createSessions({ database, tokens, clock, log, tokenMs, sessionMs });
  const passwords = createPasswords();
  const users = createUsers({ database, passwords, sessions, clock, log });
  const apiKeys = createApiKeys({ database, clock, tokenMs });
  const access = {
    sessions,
    clientToken: createClientTokens({ credentials, tokens, clock, tokenMs }),
    apiKeys,
    tenants: createTenants(database),
    quotas,
    accounts: createAccounts({ database, passwords, sessions, apiKeys, clock }),
    portal: createPortal({ database, tokens, clock }),
    credentials,
  };
  const health = createHealth({
    database: () => database.ping(CHECK_DEADLINE_MS),
    event_log: () => eventLog.ping(CHECK_DEADLINE_MS),
  });
  let grpc: GrpcServer | undefined;
  let http: HttpServer | undefined;
  let consumption: Consumption | undefined;
  let closing: Promise<void> | undefined;

  async function close(deadlineAtMs: number): Promise<void> {
    health.become('draining');
    grpc?.serving(false);
    consumption?.stopIntake();
    await grpc?.close(deadlineAtMs);
    authenticator.close();
    await sender.close();
    await consumption?.close();
    await relay.close(deadlineAtMs);
    await publisher.close();
    await platformEvents.close(deadlineAtMs);
    await http?.close(deadlineAtMs);
    health.become('closed');
  }

  return {
    name: 'registry',
    credentials,
    quotas,
    grpcPort: () => grpc?.port ?? 0,
    port: () => http?.port ?? 0,

    async start() {
      await users.ensureAdmin(security.admin_password);
      const ops = createOpsHandler(health, dependencies.metrics);
      http = await listen(
        (request, response) => {
          const answer = async () => {
            if (!(await ops(request, response))) sendProblem(response, new NotFound('There is nothing here.'));
          };
          answer().catch((error: unknown) => sendProblem(response, error));
        },
        { host: hookline.host, port: config.registry.port, setting: 'registry.port' },
      );
      authenticator.start();
      const calls = { authenticator, log, metrics };
      const handlers = {
        registry: createHandlers({ ...calls, users, webhooks, eventTypes, testSend, clock }),
        access: createAccessHandlers({ ...calls, ...access }),
      };
      grpc = await listenGrpc(handlers, {
        host: hookline.host,
        port: config.registry.grpc_port,
        setting: 'registry.grpc_port',
      });
      relay.start();
      publisher.start();
      // What was committed and not published when a copy ended.
      platformEvents.publishSoon();
      consumption = await eventLog.consume({
        group: GROUP.registry,
        topics: REPORTED_TOPICS,
        handler: createReportedHandler({
          database,
          eventLog,
          platformEvents,
          log,
          metrics,
          clock,
          failingPeriodMs: hookline.disable_failing_after,
        }),
        onFailure: fail,
      });
      grpc.serving(true);
      health.become('ready');
      log.info({ grpcPort: grpc.port, port: http.port }, 'service.ready');
    },

    close(deadlineAtMs) {
      closing ??= close(deadlineAtMs);
      return closing;
    },
  };
}
