import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeChange, TOPIC } from '@hookline/contracts';
import { DEFAULT_TENANT, SCOPES, type DeliverySettings } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createSealing, createTokens, type Log } from '@hookline/service-kit';
import {
  createTempDir,
  nextFreePort,
  startKafka,
  startPostgres,
  startRedis,
  type KafkaPart,
  type PostgresOptions,
  type PostgresPart,
  type RedisPart,
} from '@hookline/testkit';
import { startPeer, type Peer } from '../tests/peer.ts';
import { createPlatformProcesses, type PlatformProcesses } from '../tools/platform/processes.ts';
import type { ServiceName } from '../tools/platform/services.ts';
import type { Watched } from './cpu.ts';
import type { ReceiverReport, ReceiverSettings } from './peers/receiver.ts';

/** Real stores, services as processes, and a client of the log: what every bench stands on. */
export interface BenchStage {
  kafka: KafkaPart;
  redis: RedisPart;
  postgres: PostgresPart;
  platform: PlatformProcesses;
  eventLog: EventLog;
  /** Of a client that may do everything. */
  token: string;
  /** The same of another tenant. */
  tokenOf(tenant: string): string;
  start(...services: ServiceName[]): Promise<void>;
  stop(...services: ServiceName[]): Promise<void>;
  /** The processes of those services that run, and the stores. */
  watched(...services: ServiceName[]): Watched;
  /** What the first copy of a service answers Prometheus. */
  metrics(service: ServiceName): Promise<string>;
  /** Written straight to `webhook.changes`: the registry is not part of what is measured. */
  addWebhooks(webhooks: readonly BenchWebhook[]): Promise<void>;
  removeWebhooks(ids: readonly string[]): Promise<void>;
  startReceiver(settings: ReceiverSettings): Promise<Peer<ReceiverReport>>;
  freePorts(count: number): Promise<number[]>;
  close(): Promise<void>;
}

export interface BenchWebhook {
  id: string;
  url: string;
  eventTypes: string[];
  tenant?: string;
  delivery?: DeliverySettings;
}

export interface StageOptions {
  copies?: Partial<Record<ServiceName, number>>;
  env?: Record<string, string>;
  /** Node's, for the services. */
  nodeOptions?: string;
  postgres?: PostgresOptions;
}

const APPEND_AT_ONCE = 500;
const LINES_SHOWN = 15;
const FIRST_PORT = 12_000;
export const SILENT = {
  level: 'silent',
  debug() {},
  info() {},
  warn() {},
  error: console.error,
  trace() {},
} as unknown as Log;

export async function setBenchStage(options: StageOptions = {}): Promise<BenchStage> {
  const folder = await createTempDir('hookline-bench');
  const logs = join(folder.path, 'logs');
  mkdirSync(logs);
  const [kafka, redis, postgres] = await Promise.all([
    startKafka({ collector: 'g1' }),
    startRedis(),
    startPostgres(options.postgres),
  ]);
  const secret = randomBytes(48).toString('base64');
  const sealingKey = randomBytes(32).toString('base64');
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    KAFKA_BROKERS: kafka.brokers.join(','),
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    SECURITY_JWT_SECRET: secret,
    SECURITY_ENCRYPTION_KEY: sealingKey,
    SECURITY_ADMIN_PASSWORD: 'bench-password',
    SECURITY_ALLOW_NETWORKS: '127.0.0.0/8',
    LOG_LEVEL: 'info',
    ...options.env,
  };
  const prepared = spawnSync(process.execPath, [join(import.meta.dirname, '../tools/prepare-stores.ts')], {
    env,
    encoding: 'utf8',
  });
  if (prepared.status !== 0) throw new Error(`the stores could not be prepared: ${prepared.stderr}${prepared.stdout}`);

  const profiled = process.env['BENCH_PROFILE'];
  const platform = await createPlatformProcesses({
    // BENCH_PROFILE=FOLDER: each service writes a CPU profile there when it stops.
    env:
      profiled === undefined
        ? { ...env, NODE_OPTIONS: options.nodeOptions ?? '' }
        : { ...env, NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiled}` },
    freePorts: true,
    ...(options.copies === undefined ? {} : { copies: options.copies }),
    outputOf: (service, copy) => openSync(join(logs, `${service}-${copy}.log`), 'a'),
    ended(service, code, signal) {
      console.error(`${service} ended by itself (${signal ?? `exit code ${code}`}):`);
      console.error(lastLines(join(logs, `${service}-0.log`)));
    },
  });
  const eventLog = createKafkaEventLog({ brokers: kafka.brokers, clientId: 'bench', log: SILENT });
  const sealing = createSealing(sealingKey);
  const peers: Peer<unknown>[] = [];
  const tokens = createTokens(secret, 24 * 3_600_000);
  const tokenOf = (tenant: string) => tokens.issue({ tenant, subject: 'bench', scopes: SCOPES }).token;
  let revision = 0;
  let nextPort = FIRST_PORT;
  const of = (services: readonly ServiceName[]) => platform.copies.filter(({ service }) => services.includes(service));

  return {
    kafka,
    redis,
    postgres,
    platform,
    eventLog,
    token: tokenOf(DEFAULT_TENANT),
    tokenOf,

    async start(...services) {
      await Promise.all(of(services).map((copy) => copy.start()));
    },
    async stop(...services) {
      await Promise.all(of(services).map((copy) => copy.stop()));
    },

    watched(...services) {
      const watched: Record<string, (number | undefined)[]> = {};
      for (const service of services) watched[service] = of([service]).map((copy) => copy.pid());
      return {
        ...watched,
        kafka: kafka.nodes.map(({ pid }) => pid),
        redis: [redis.pid],
        postgres: [postgres.pid],
      };
    },

    async metrics(service) {
      return (await fetch(new URL('/metrics', of([service])[0]?.healthUrl))).text();
    },

    async addWebhooks(webhooks) {
      for (let from = 0; from < webhooks.length; from += APPEND_AT_ONCE) {
        await eventLog.append(
          webhooks
            .slice(from, from + APPEND_AT_ONCE)
            .map(({ id, url, eventTypes, tenant = DEFAULT_TENANT, delivery }) =>
              encodeChange(id, ++revision, {
                id,
                tenant,
                url,
                eventTypes,
                sealedHeaders: sealing.seal('{}', `headers:${id}`),
                sealedSecrets: sealing.seal(
                  JSON.stringify([`whsec_${randomBytes(32).toString('base64')}`]),
                  `secrets:${id}`,
                ),
                status: 'enabled',
                policy: 'quick',
                ...(delivery === undefined ? {} : { delivery }),
              }),
            ),
        );
      }
      await eventLog.endOffsets(TOPIC.changes);
    },

    async removeWebhooks(ids) {
      await eventLog.append(ids.map((id) => encodeChange(id, ++revision, null)));
    },

    async startReceiver(settings) {
      const receiver = startPeer<ReceiverReport>(join(import.meta.dirname, 'peers/receiver.ts'), settings);
      peers.push(receiver);
      await new Promise((resolve) => receiver.process.once('message', resolve));
      return receiver;
    },

    async freePorts(count) {
      const ports: number[] = [];
      while (ports.length < count) {
        const port = await nextFreePort(nextPort);
        ports.push(port);
        nextPort = port + 1;
      }
      return ports;
    },

    async close() {
      for (const peer of peers) peer.process.kill('SIGKILL');
      await Promise.all(platform.copies.map((copy) => (profiled === undefined ? copy.kill() : copy.stop())));
      await eventLog.close();
      await Promise.all([kafka.stop(), redis.stop(), postgres.stop()]);
      await folder.remove();
    },
  };
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LINES_SHOWN).join('\n');
}
