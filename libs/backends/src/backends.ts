import { join } from 'node:path';
import { TOPIC, TOPICS } from '@hookline/contracts';
import {
  migrate,
  migrationStates,
  openDatabase,
  pendingMigrations,
  type Database,
  type MigrationState,
} from '@hookline/database';
import { InvalidInput } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import type { Limits } from '@hookline/limits';
import { createMemoryLimits } from '@hookline/limits-memory';
import { createPostgresLimits } from '@hookline/limits-postgres';
import { createRedisLimits } from '@hookline/limits-redis';
import type { RetrySchedule } from '@hookline/retry-schedule';
import { createPostgresRetrySchedule } from '@hookline/retry-schedule-postgres';
import { createRedisRetrySchedule } from '@hookline/retry-schedule-redis';
import type { Credentials, Log, QuotaSource, Sabotage } from '@hookline/service-kit';
import { breakerPolicy } from './breaker-policy.ts';
import { backendMode, type BackendMode, type BackendsConfig } from './mode.ts';
import { createRegistryCredentials } from './registry-credentials.ts';
import { explainRefusal, kafkaSecurity } from './kafka-security.ts';
import { redisAddress } from './redis-address.ts';
import { scheduleBounds } from './schedule-bounds.ts';
import { createWaitFor, Unprepared } from './wait-for.ts';

/** The concrete stores behind the ports, chosen by the configuration; each is opened when first asked for, and once. */
export interface Backends {
  mode: BackendMode;
  database(): Promise<Database>;
  eventLog(): Promise<EventLog>;
  retrySchedule(): Promise<RetrySchedule>;
  limits(): Promise<Limits>;
  /** The same rules for this process alone, while the shared ones are away. */
  localLimits(): Limits;
  /** API keys, revocations and tenants' quotas, asked of the registry at that address. */
  credentials(registryAddress: string): Credentials & QuotaSource;
  /** How many event ids this process's limits forgot before their window ended, for want of room. */
  droppedIds(): number;
  /** Applies the migrations that the database lacks; of several processes that do so at once, one does it. Resolves with the names of those applied now. */
  migrate(): Promise<string[]>;
  /** Which migrations were applied, and which were not. Changes nothing. */
  migrations(): Promise<MigrationState[]>;
  /** Makes the tables and topics that are missing; a service refuses to work without them. */
  prepare(): Promise<void>;
  /** Closes what was opened, the last opened first. Idempotent. */
  close(): Promise<void>;
}

export interface BackendsOptions {
  /** Shows in the stores' own lists of clients. */
  service: string;
  log: Log;
  sabotage?: Sabotage | undefined;
  /** Only where all services run in this process: the embedded back end is one process's. */
  allowEmbedded?: boolean;
}

const MIGRATIONS = join(import.meta.dirname, '../../../migrations');
const DEFAULT_DEDUP = { window: 24 * 3_600_000, max_keys: 5_000_000 };
const EMBEDDED_DEDUP_KEYS = 1_000_000;
/** How long a claim of an event id stands before somebody else may append the event. */
const DEDUP_PENDING_MS = 10_000;
const PING_MS = 2_000;
const RETRY_PARTITIONS = TOPICS.find(({ name }) => name === TOPIC.retries)?.partitions ?? 0;

/** @throws InvalidInput if the configuration names stores that don't make a back end together */
export function createBackends(config: BackendsConfig, options: BackendsOptions): Backends {
  const { service, log, sabotage, allowEmbedded = false } = options;
  const mode = backendMode(config);
  if (mode === 'embedded' && !allowEmbedded) {
    throw new InvalidInput(
      'one service alone needs a shared back end: set DATABASE_URL (and KAFKA_BROKERS and REDIS_URL), or run all services in one process with `npm start`',
    );
  }
  const { dedup = DEFAULT_DEDUP } = config;
  const deduplication = {
    pendingMs: DEDUP_PENDING_MS,
    windowMs: dedup.window,
    maxKeys: mode === 'embedded' ? Math.min(dedup.max_keys, EMBEDDED_DEDUP_KEYS) : dedup.max_keys,
  };
  const waitFor = createWaitFor({ withinMs: config.hookline.await_stores, log });
  const awaited = {
    database: {
      store: mode === 'embedded' ? 'the embedded database' : 'PostgreSQL (DATABASE_URL)',
      trust: 'sslrootcert=FILE in DATABASE_URL names its authority',
    },
    eventLog: {
      store: mode === 'full' ? `Kafka at ${config.kafka.brokers.join(',')} (KAFKA_BROKERS)` : 'the event log',
      trust: 'KAFKA_SSL_CA_FILE names its authority',
    },
  };
  const opened: (() => Promise<void>)[] = [];
  let preparing = false;
  let droppedIds = 0;
  let closing: Promise<void> | undefined;

  /** Opens on the first call; a failure is the answer to all. */
  function once<T extends { close(): Promise<void> }>(open: () => Promise<T>): () => Promise<T> {
    let opening: Promise<T> | undefined;
    return () => {
      opening ??= open().then((store) => {
        opened.push(() => store.close());
        return store;
      });
      return opening;
    };
  }

  const rawDatabase = once(async () => {
    const { url, pool_size: poolSize } = config.database;
    return openDatabase(
      url === undefined ? { dataDir: config.hookline.data } : { url, poolSize, applicationName: `hookline-${service}` },
    );
  });

  const rawEventLog = once(async () => {
    if (mode !== 'full') return createPostgresEventLog({ database: await database(), log });
    const { brokers, replication_factor: replicationFactor, min_insync_replicas: minInsyncReplicas } = config.kafka;
    return createKafkaEventLog({
      brokers: [...brokers],
      clientId: `hookline-${service}`,
      replicationFactor,
      minInsyncReplicas,
      ...kafkaSecurity(config.kafka),
      acknowledge: sabotage === 'skip-metadata-check' ? 'unchecked' : 'checked',
      log,
    });
  });

  let schemaChecked = false;
  async function database(): Promise<Database> {
    const opening = await rawDatabase();
    if (!preparing && !schemaChecked) {
      await waitFor(awaited.database, async () => {
        const pending = await pendingMigrations(opening, MIGRATIONS);
        if (pending.length === 0) return;
        throw new Unprepared(`the database lacks migrations ${pending.join(', ')}: run \`npm run prepare-stores\``);
      });
      schemaChecked = true;
    }
    return opening;
  }

  let topicsChecked = false;
  async function eventLog(): Promise<EventLog> {
    const opening = await rawEventLog();
    if (!preparing && !topicsChecked) {
      await waitFor(awaited.eventLog, async () => {
        await opening.ping(PING_MS);
        const { missing, wrong } = await opening.checkTopics(TOPICS);
        if (missing.length === 0 && wrong.length === 0) return;
        const problem = `topics are not as they must be (\`npm run prepare-stores\` makes missing ones): ${[...wrong, ...missing].join('; ')}`;
        // Nothing but missing ones will be made.
        throw wrong.length > 0 ? new InvalidInput(problem) : new Unprepared(problem);
      }).catch(explainRefusal);
      topicsChecked = true;
    }
    return opening;
  }

  async function applyMigrations(): Promise<string[]> {
    const tables = await rawDatabase();
    const applied = await waitFor(awaited.database, () => migrate(tables, MIGRATIONS));
    if (applied.length > 0) log.info({ applied }, 'migrations.applied');
    return applied;
  }

  return {
    mode,
    database,
    eventLog,
    migrate: applyMigrations,

    async migrations() {
      const tables = await rawDatabase();
      return waitFor(awaited.database, () => migrationStates(tables, MIGRATIONS));
    },

    retrySchedule: once(async () => {
      const { bounds, maxBytes } = scheduleBounds(config);
      return mode === 'full'
        ? createRedisRetrySchedule({ ...redisAddress(config.redis), partitions: RETRY_PARTITIONS, bounds, log })
        : createPostgresRetrySchedule({ database: await database(), bounds, maxBytes });
    }),

    limits: once(async () => {
      const onDropped = (count: number) => {
        droppedIds += count;
      };
      const limits = { ...(config.breaker && { breaker: breakerPolicy(config.breaker) }), deduplication, onDropped };
      if (mode === 'full') return createRedisLimits({ ...redisAddress(config.redis), ...limits, log });
      const inDatabase = createPostgresLimits({ database: await database(), ...limits });
      if (mode === 'postgres') return inDatabase;
      // One process needs no table for what lasts seconds; what was accepted, and how much of it, must outlive it.
      const { deduplication: accepted, tallies } = inDatabase;
      return { ...createMemoryLimits(limits), deduplication: accepted, tallies };
    }),

    localLimits: () =>
      createMemoryLimits({ ...(config.breaker && { breaker: breakerPolicy(config.breaker) }), deduplication }),

    credentials(registryAddress) {
      const credentials = createRegistryCredentials(registryAddress);
      opened.push(() => credentials.close());
      return credentials;
    },

    droppedIds: () => droppedIds,

    async prepare() {
      preparing = true;
      try {
        await applyMigrations();
        const topics = await rawEventLog();
        // Making topics has a long deadline of its own: they are made once the log answers.
        await waitFor(awaited.eventLog, () => topics.ping(PING_MS)).catch(explainRefusal);
        await topics.createTopics(TOPICS);
      } finally {
        preparing = false;
      }
    },

    close() {
      closing ??= (async () => {
        for (const close of opened.toReversed()) await close();
      })();
      return closing;
    },
  };
}
