import { GROUP, TOPIC, TOPICS } from '@hookline/contracts';
import { NotFound, type Clock } from '@hookline/domain';
import {
  meterEventLog,
  type Consumption,
  type EventLog,
  type RecordBatch,
  type TopicPartition,
} from '@hookline/event-log';
import type { RetrySchedule, ScheduleCounts } from '@hookline/retry-schedule';
import {
  createEventLogMetrics,
  createHealth,
  createOpsHandler,
  listen,
  sendProblem,
  type HttpServer,
  type Log,
  type Sabotage,
  type Service,
} from '@hookline/service-kit';
import type { Registry } from 'prom-client';
import type { RetryManagerConfig } from './config.ts';
import { createRetryManagerMetrics } from './metrics.ts';
import { createPartitionIndex, type PartitionIndex } from './partition-index.ts';
import { runPartitionLoop } from './partition-loop.ts';
import { createPauses } from './pauses.ts';

export interface RetryManagerDependencies {
  config: RetryManagerConfig;
  eventLog: EventLog;
  schedule: RetrySchedule;
  log: Log;
  metrics: Registry;
  clock: Clock;
  /** A loop ended past its retries: the process must end. */
  fail: (error: Error) => void;
  sabotage: Sabotage | undefined;
}

interface OwnedPartition {
  index: PartitionIndex;
  stop: AbortController;
  loop: Promise<void>;
}

const RETRIES_RETENTION_MS = TOPICS.find(({ name }) => name === TOPIC.retries)?.retentionMs ?? 0;
const CHECK_DEADLINE_MS = 5_000;
/** An index is built again at the store's speed, not at that of one call after the other. */
const BATCH_RECORDS = 1_000;
const STATES: readonly [string, (of: ScheduleCounts) => number][] = [
  ['waiting', (of) => of.waiting],
  ['held', (of) => of.held],
  ['excess', (of) => of.excess],
  ['claimed', (of) => of.claimed],
  ['handed_over', (of) => of.handedOver],
];

/** Holds failed deliveries until they are due, then hands them back to the dispatchers. */
export function createRetryManager(dependencies: RetryManagerDependencies): Service & { port(): number } {
  const { config, schedule, log, clock, fail, sabotage } = dependencies;
  const { eventLog, meter } = meterEventLog(dependencies.eventLog);
  createEventLogMetrics(dependencies.metrics, meter, () => clock.now());
  const metrics = createRetryManagerMetrics(dependencies.metrics);
  const pauses = createPauses({ eventLog, log, fail });
  const owned = new Map<number, OwnedPartition>();
  const { batch_size: batchSize, claim: claimMs } = config.retry_manager;
  const shared = { schedule, pauses, eventLog, clock, log, metrics, batchSize, claimMs };
  const health = createHealth({
    event_log: () => eventLog.ping(CHECK_DEADLINE_MS),
    retry_schedule: () => schedule.check(CHECK_DEADLINE_MS),
  });
  /** Settled once the consumption runs: nothing is applied or claimed before, as a rewind needs it. */
  const consuming = Promise.withResolvers<Consumption>();
  let consumption: Consumption | undefined;
  let server: HttpServer | undefined;

  async function assigned({ partition }: TopicPartition): Promise<number | undefined> {
    const stop = new AbortController();
    const { signal } = stop;
    const index = createPartitionIndex({
      partition,
      schedule,
      eventLog,
      log,
      metrics,
      clock,
      signal,
      rewound: (offset) => consumption?.seek({ topic: TOPIC.retries, partition, offset }),
      maxIdleMs: RETRIES_RETENTION_MS / 2,
      sabotage,
    });
    const entry: OwnedPartition = { index, stop, loop: Promise.resolve() };
    owned.set(partition, entry);
    const from = await begun(entry);
    if (from === undefined) return undefined;
    entry.loop = consuming.promise
      .then(() => pauses.known(signal))
      .then(() => runPartitionLoop({ ...shared, partition, index, signal }))
      .catch((error: unknown) => {
        if (!signal.aborted) fail(error as Error);
      });
    return from;
  }

  /** undefined: the partition was lost meanwhile, or this closes; nothing of it is applied any more. */
  async function begun({ index, stop }: OwnedPartition): Promise<number | undefined> {
    try {
      return await index.begin();
    } catch (error) {
      if (stop.signal.aborted) return undefined;
      throw error;
    }
  }

  async function received(batch: RecordBatch): Promise<void> {
    const entry = owned.get(batch.partition);
    if (entry === undefined) return;
    try {
      await consuming.promise;
      const applied = await entry.index.apply(batch.records, batch.signal);
      if (applied) for (const record of batch.records) batch.done(record.offset);
    } catch (error) {
      if (!entry.stop.signal.aborted) throw error;
    }
  }

  function lost({ partition }: TopicPartition): void {
    owned.get(partition)?.stop.abort();
    owned.delete(partition);
  }

  async function observe(): Promise<void> {
    const counts = await Promise.all([...owned.keys()].map((partition) => schedule.counts(partition)));
    const sum = (pick: (of: ScheduleCounts) => number) => counts.reduce((total, of) => total + pick(of), 0);
    for (const [state, count] of STATES) metrics.queueSize.set({ state }, sum(count));
    const oldest = Math.min(...counts.map((of) => of.oldestDueAtMs ?? Infinity));
    metrics.oldestDue.set(Math.max(0, (clock.now() - oldest) / 1000));
  }

  return {
    name: 'retry-manager',
    port: () => server?.port ?? 0,

    async start() {
      await schedule.check(CHECK_DEADLINE_MS);
      const ops = createOpsHandler(health, dependencies.metrics);
      server = await listen(
        (request, response) => {
          const answer = async () => {
            // The counts are the store's: asked for when somebody looks, and left as they were while it is away.
            if (request.url?.startsWith('/metrics') === true) await observe().catch(() => undefined);
            if (!(await ops(request, response))) sendProblem(response, new NotFound('There is nothing here.'));
          };
          answer().catch((error: unknown) => sendProblem(response, error));
        },
        { host: config.hookline.host, port: config.retry_manager.port, setting: 'retry_manager.port' },
      );
      await pauses.start();
      consumption = await eventLog.consume({
        group: GROUP.retryManager,
        topics: [TOPIC.retries],
        maxBatchRecords: BATCH_RECORDS,
        // A record costs a call to the store by itself, and a tenth of it among others. Most retries wait for longer than they are gathered for.
        patient: true,
        handler: { assigned, received, lost },
        onFailure: fail,
      });
      consuming.resolve(consumption);
      health.become('ready');
      log.info({ port: server.port }, 'service.ready');
    },

    async close(deadlineAtMs) {
      health.become('draining');
      consumption?.stopIntake();
      const loops = [...owned.values()];
      for (const { stop } of loops) stop.abort();
      await Promise.all(loops.map(({ loop }) => loop));
      await consumption?.close();
      await pauses.close();
      await server?.close(deadlineAtMs);
      health.become('closed');
    },
  };
}
