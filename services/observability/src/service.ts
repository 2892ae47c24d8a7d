import { GROUP, TOPIC } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import type { Clock } from '@hookline/domain';
import { meterEventLog, type Consumption, type EventLog } from '@hookline/event-log';
import {
  createEventLogMetrics,
  configuredKeys,
  createAuthenticator,
  createHealth,
  createOpsHandler,
  createOutsideIssuer,
  createTokens,
  listen,
  within,
  tokenNames,
  type Credentials,
  type HttpServer,
  type Log,
  type Service,
} from '@hookline/service-kit';
import type { Registry } from 'prom-client';
import { createAudits } from './audit.ts';
import { createCatchUp } from './catch-up.ts';
import { createDeadLetterCommands } from './commands/dead-letters.ts';
import { createDeliveryCommands } from './commands/deliveries.ts';
import { createEraseContent } from './commands/erase-content.ts';
import { createRecoveries } from './commands/recoveries.ts';
import { startRecoveryRunner, type RecoveryRunner } from './commands/run-recoveries.ts';
import type { ObservabilityConfig } from './config.ts';
import { consumeEverything } from './consume.ts';
import { createHandler } from './http.ts';
import { createObservabilityMetrics } from './metrics.ts';
import { createFindEvent } from './read/find-event.ts';
import { createQueries } from './read/queries.ts';
import { createReader } from './read/reader.ts';
import { createCountEvents, createReadStats } from './read/stats.ts';
import { createRoutes } from './routes/all.ts';
import { retentionSettings } from './retention/plan.ts';
import { startRetention, type Retention } from './retention/retention.ts';
import { createBatchWriter } from './write/batch-writer.ts';
import { createReject } from './write/reject.ts';
import { createUphold } from './write/uphold.ts';

export interface ObservabilityDeps {
  config: Pick<ObservabilityConfig, 'hookline' | 'security' | 'observability'>;
  log: Log;
  metrics: Registry;
  clock: Clock;
  eventLog: EventLog;
  /** With the migrations applied. */
  database: Database;
  /** API keys and what was revoked; without it there are none. */
  credentials?: Credentials;
  /** Called once if reading the event log ends by itself. */
  fail: (error: Error) => void;
}

export interface Observability extends Service {
  /** Where it listens, once started. */
  readonly port: number;
}

const PING_DEADLINE_MS = 1_500;

/** Keeps the log of events, attempts and dead letters, and answers from it. Whoever gave it the stores closes them after it. */
export function createObservability(deps: ObservabilityDeps): Observability {
  const { config, log, clock, database, fail } = deps;
  const { eventLog, meter } = meterEventLog(deps.eventLog);
  createEventLogMetrics(deps.metrics, meter, () => clock.now());
  const metrics = createObservabilityMetrics(deps.metrics);
  const now = () => clock.now();
  const writer = createBatchWriter({ database, uphold: createUphold({ database, eventLog, now }), log, metrics });
  const catchUp = createCatchUp({
    eventLog,
    topic: TOPIC.events,
    group: GROUP.observability,
    commit: async () => consumption?.commit(),
    log,
  });
  const reader = createReader(database);
  const queries = createQueries(reader);
  const findEvent = createFindEvent(queries, catchUp, metrics);
  const deliveries = createDeliveryCommands({ database, eventLog, queries, reader, now });
  const deadLetters = createDeadLetterCommands(database, deliveries, now);
  const eraseContent = createEraseContent(database, deliveries, now);
  const recoveries = createRecoveries(database, reader, now);
  const health = createHealth({
    database: () => database.ping(PING_DEADLINE_MS),
    event_log: () => eventLog.ping(PING_DEADLINE_MS),
    writing: () => writer.trouble() ?? undefined,
  });
  const tokens = createTokens(
    configuredKeys(config.security),
    config.security.jwt_expiry,
    now,
    tokenNames(config.security),
  );
  const outside = createOutsideIssuer(config.security, { log, now });
  const authenticator = createAuthenticator({ tokens, outside, credentials: deps.credentials, log, now });
  const handler = createHandler({
    routes: createRoutes({
      queries,
      reader,
      findEvent,
      deliveries,
      deadLetters,
      eraseContent,
      recoveries,
      wake: () => runner?.wake(),
      now,
      readStats: createReadStats(reader),
      countEvents: createCountEvents(reader),
      clock,
    }),
    authenticator,
    ops: createOpsHandler(health, deps.metrics),
    log,
    metrics,
    isDraining: () => health.state() !== 'ready',
    auditsOf: (tenant, actor) => createAudits(database, now, tenant, actor),
  });
  let runner: RecoveryRunner | undefined;
  let retention: Retention | undefined;
  let consumption: Consumption | undefined;
  let server: HttpServer | undefined;
  let closing: Promise<void> | undefined;

  async function stop(deadlineAtMs: number): Promise<void> {
    health.become('draining');
    consumption?.stopIntake();
    catchUp.close();
    authenticator.close();
    await Promise.all([server?.close(deadlineAtMs), runner?.close(), retention?.close()]);
    // What can't be written by then stays in the event log, not done.
    await within(deadlineAtMs - Date.now(), 'the database', writer.idle()).catch(() => {});
    const stopped = writer.stop();
    await consumption?.close();
    await stopped;
    health.become('closed');
    log.info('observability.closed');
  }

  return {
    name: 'observability',
    get port() {
      if (server === undefined) throw new Error('observability has not been started');
      return server.port;
    },
    async start() {
      const { host } = config.hookline;
      authenticator.start();
      server = await listen(handler, { host, port: config.observability.port, setting: 'observability.port' });
      consumption = await consumeEverything({
        eventLog,
        writer,
        reject: createReject(eventLog, log, metrics),
        batchSize: config.observability.batch_size,
        payloads: config.observability.payloads,
        now,
        progressed: () => catchUp.progressed(),
        fail,
      });
      runner = startRecoveryRunner({ database, eventLog, log, metrics, now });
      retention = startRetention({
        database,
        settings: retentionSettings(config.observability),
        log,
        metrics,
        now,
      });
      health.become('ready');
      log.info({ host, port: server.port }, 'observability.started');
    },
    close(deadlineAtMs) {
      closing ??= stop(deadlineAtMs);
      return closing;
    },
  };
}
