import { TOPICS } from '@hookline/contracts';
import { migrate, openDatabase, type Database } from '@hookline/database';
import { systemClock } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createIngestion, ingestionConfig } from '@hookline/ingestion';
import type { Limits } from '@hookline/limits';
import { createMemoryLimits } from '@hookline/limits-memory';
import { createObservability, observabilityConfig } from '@hookline/observability';
import { createRegistry, registryConfig, type RegistryService } from '@hookline/registry';
import { createLog, createMetrics, createTokens, loadConfig } from '@hookline/service-kit';
import { createTempDir } from '@hookline/testkit';
import { join } from 'node:path';
import { gatewayConfig } from '../config.ts';
import { createGateway } from '../service.ts';

const JWT_SECRET = 'a secret of the tests, long enough for HS256';
const tokens = createTokens(JWT_SECRET, 3_600_000);
const ALL_SCOPES = [
  'webhooks:read',
  'webhooks:write',
  'events:publish',
  'deliveries:read',
  'deliveries:retry',
  'audit:read',
];

export function tokenOf(tenant: string, scopes: string[] = ALL_SCOPES, subject = 'usr_x'): string {
  return tokens.issue({ tenant, subject, scopes }).token;
}

/** One that is valid for a second. */
export function shortTokenOf(tenant: string): string {
  return createTokens(JWT_SECRET, 1_000).issue({ tenant, subject: 'usr_x', scopes: ALL_SCOPES }).token;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & { errors?: { pointer: string; detail: string }[] };
}

export interface Asked {
  json?: unknown;
  raw?: string | Buffer;
  /** null: none. */
  token?: string | null;
  headers?: Record<string, string>;
}

/** A gateway before a registry, both real; ingestion and observability are away unless they are named. */
export interface GatewayScene {
  database: Database;
  eventLog: EventLog;
  limits: Limits;
  registry: RegistryService;
  grpcPort: number;
  /** `http://127.0.0.1:port` of the gateway. */
  base: string;
  dialectPort: number;
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
  stop(): Promise<void>;
}

/**
 * @param env further settings of all
 * @param behind whether ingestion and observability are there too
 * @param tokenless whether the addresses of other systems want no token
 * @param databaseUrl of a PostgreSQL server in place of an embedded database
 */
export async function openGatewayScene(
  env: Record<string, string> = {},
  {
    behind = false,
    tokenless = false,
    databaseUrl,
  }: { behind?: boolean; tokenless?: boolean; databaseUrl?: string } = {},
): Promise<GatewayScene> {
  await using opened = new AsyncDisposableStack();
  const log = createLog('gateway', 'error');
  const folder = await createTempDir('gateway');
  opened.defer(() => folder.remove());
  const database = await openDatabase(databaseUrl === undefined ? { dataDir: folder.path } : { url: databaseUrl });
  opened.defer(() => database.close());
  await migrate(database, join(import.meta.dirname, '../../../../migrations'));
  await database.query(`INSERT INTO tenants (id) VALUES ('other')`);
  const eventLog = createPostgresEventLog({ database, log });
  opened.defer(() => eventLog.close());
  await eventLog.createTopics(TOPICS);
  const limits = createMemoryLimits({ deduplication: { pendingMs: 10_000, windowMs: 60_000, maxKeys: 1_000 } });
  opened.defer(() => limits.close());
  const common = {
    SECURITY_JWT_SECRET: JWT_SECRET,
    SECURITY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    SECURITY_ADMIN_PASSWORD: 'correct horse',
    REGISTRY_GRPC_PORT: '0',
    REGISTRY_PORT: '0',
    GATEWAY_PORT: '0',
    GATEWAY_GRPC_PORT: '0',
    INGESTION_PORT: '0',
    OBSERVABILITY_PORT: '0',
    ...env,
  };
  const fail = (error: Error) => log.error(error);
  const registry = createRegistry({
    config: loadConfig(registryConfig, { env: common }),
    database,
    eventLog,
    log,
    metrics: createMetrics('registry'),
    clock: systemClock,
    fail,
  });
  await registry.start();
  opened.defer(() => registry.close(Date.now() + 1_000));
  const urls: Record<string, string> = {};
  if (behind) {
    const observability = createObservability({
      config: loadConfig(observabilityConfig, { env: common }),
      database,
      eventLog,
      log,
      metrics: createMetrics('observability'),
      clock: systemClock,
      fail,
    });
    await observability.start();
    opened.defer(() => observability.close(Date.now() + 1_000));
    const ingestion = createIngestion({
      config: loadConfig(ingestionConfig, { env: common }),
      eventLog,
      limits,
      credentials: registry.credentials,
      quotas: registry.quotas,
      droppedIds: () => 0,
      log,
      metrics: createMetrics('ingestion'),
      clock: systemClock,
      fail,
    });
    await ingestion.start();
    opened.defer(() => ingestion.close(Date.now() + 1_000));
    urls['GATEWAY_INGESTION_URL'] = `http://127.0.0.1:${ingestion.port}`;
    urls['GATEWAY_OBSERVABILITY_URL'] = `http://127.0.0.1:${observability.port}`;
  }
  const gateway = createGateway({
    config: loadConfig(gatewayConfig, {
      env: {
        GATEWAY_REGISTRY_ADDRESS: `127.0.0.1:${registry.grpcPort()}`,
        GATEWAY_INGESTION_URL: 'http://127.0.0.1:1',
        GATEWAY_OBSERVABILITY_URL: 'http://127.0.0.1:1',
        GATEWAY_ANONYMOUS_PER_MINUTE: '1000',
        ...urls,
        ...common,
      },
    }),
    limits,
    credentials: registry.credentials,
    openEventLog: async () => eventLog,
    log,
    metrics: createMetrics('gateway'),
    clock: systemClock,
    ...(tokenless ? { local: { port: 0, authorization: () => `Bearer ${tokenOf('default')}` } } : {}),
  });
  await gateway.start();
  opened.defer(() => gateway.close(Date.now() + 1_000));
  const base = `http://127.0.0.1:${gateway.port()}`;
  const all = opened.move();
  const [grpcPort, dialectPort] = [gateway.grpcPort(), gateway.dialectPort()];
  return {
    database,
    eventLog,
    limits,
    registry,
    base,
    grpcPort,
    dialectPort,
    ask: askAt(base),
    stop: () => all.disposeAsync(),
  };
}

function askAt(base: string): GatewayScene['ask'] {
  return async (method, path, { json, raw, token = tokenOf('default'), headers = {} } = {}) => {
    const body = raw ?? (json === undefined ? undefined : JSON.stringify(json));
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : { text } };
  };
}
