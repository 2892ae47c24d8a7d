import { GROUP, TOPIC, TOPICS } from '@hookline/contracts';
import { createSender } from '@hookline/delivery';
import { createAddressGuard, NotFound, type Clock } from '@hookline/domain';
import { meterEventLog, type Consumption, type EventLog } from '@hookline/event-log';
import {
  createEventLogMetrics,
  createHealth,
  createOpsHandler,
  createSealing,
  listen,
  noTracer,
  sendProblem,
  type HttpServer,
  type Log,
  type Sabotage,
  type Service,
  type Tracer,
} from '@hookline/service-kit';
import type { Registry } from 'prom-client';
import { createAdmission } from './admit.ts';
import { createCancellations } from './cancellations.ts';
import type { DispatcherConfig } from './config.ts';
import { createDispatch } from './dispatch.ts';
import { createCancellationFeed } from './follow-cancellations.ts';
import { createSharedLimits, type DispatchLimits } from './gates/shared-limits.ts';
import { createWebhookFeed } from './follow-webhooks.ts';
import { createHandOvers } from './hand-overs.ts';
import { createDispatcherMetrics } from './metrics.ts';
import { createRecorder } from './record.ts';
import { createSequences } from './sequences.ts';
import { createStallCheck } from './stalled.ts';
import { createWebhookTable } from './webhook-table.ts';

export interface DispatcherDependencies {
  config: DispatcherConfig;
  eventLog: EventLog;
  limits: DispatchLimits;
  /** Of this process alone, while the others are away. */
  localLimits: DispatchLimits;
  log: Log;
  metrics: Registry;
  clock: Clock;
  /** A loop ended past its retries: the process must end. */
  fail: (error: Error) => void;
  tracer?: Tracer;
  /** `commit-early` marks records done before their deliveries are: the chaos runs' proof that they would notice. */
  sabotage?: Sabotage | undefined;
}

export interface Dispatcher extends Service {
  /** Where health and metrics are served, once started. */
  port(): number;
}

/** Of all that a group of dispatchers shares. */
const PARTITIONS = TOPICS.filter(({ name }) => name === TOPIC.events || name === TOPIC.deliveries).reduce(
  (sum, { partitions }) => sum + partitions,
  0,
);
const CHECK_DEADLINE_MS = 1_500;
/** Of the time left at shutdown: until then what waits is still sent, and until then what is in flight may end by itself. */
const DRAIN_SHARE = 0.6;
const IN_FLIGHT_SHARE = 0.8;
/** Kept for recording what was broken off, and for leaving the group. */
const LEAVE_SHARE = 0.92;

/** Events to deliveries, deliveries to attempts. Whoever gave it the event log closes that after it. */
export function createDispatcher(deps: DispatcherDependencies): Dispatcher {
  const { config, log, clock, fail, sabotage, tracer = noTracer } = deps;
  const { eventLog, meter } = meterEventLog(deps.eventLog);
  createEventLogMetrics(deps.metrics, meter, () => clock.now());
  const metrics = createDispatcherMetrics(deps.metrics);
  const table = createWebhookTable();
  const resumed = (webhookId: string) => sequences.resumed(webhookId);
  const feed = createWebhookFeed({ eventLog, table, resumed, log, metrics, fail });
  const recorder = createRecorder({ eventLog, log, metrics });
  const guard = createAddressGuard(config.security.allow_networks);
  const { proxy, name_servers: servers, ...timeouts } = config.dispatcher;
  const sender = createSender({
    guard,
    proxy,
    connectTimeoutMs: timeouts.connect_timeout,
    headersTimeoutMs: timeouts.headers_timeout,
    bodyTimeoutMs: timeouts.body_timeout,
    names: servers.length > 0 ? { servers } : {},
  });
  const handOvers = createHandOvers({ eventLog, log, metrics });
  const sealing = createSealing(config.security.encryption_key, config.security.encryption_previous_keys);
  const cancellations = createCancellations();
  const cancellationFeed = createCancellationFeed({ eventLog, cancellations, log, metrics, fail });
  const limits = createSharedLimits({
    shared: deps.limits,
    local: deps.localLimits,
    share: () => Math.max(1, consumption?.assignment().length ?? 0) / PARTITIONS,
    metrics,
    log,
  });
  const dispatch = createDispatch({
    config,
    limits,
    table,
    cancellations,
    sealing,
    sender,
    recorder,
    clock,
    log,
    metrics,
    tracer,
    fail,
  });
  const { engine } = dispatch;
  const sequences = createSequences({
    submit: dispatch.submit,
    nextAttempt: dispatch.nextAttempt,
    copyOf: dispatch.copyOf,
    refuse: dispatch.refuse,
    over: dispatch.over,
    isPaused: (webhookId) => table.get(webhookId)?.status === 'paused',
    repeated: () => metrics.duplicates.inc(),
    handOvers,
    clock,
  });
  const admission = createAdmission({
    table,
    feed,
    dispatch,
    recorder,
    handOvers,
    sequences,
    metrics,
    log,
    sabotage,
  });
  const health = createHealth({
    event_log: () => eventLog.ping(CHECK_DEADLINE_MS),
    outcomes: () => recorder.problem() ?? handOvers.problem() ?? undefined,
    webhooks: () => feed.problem() ?? undefined,
    sending: createStallCheck(() => engine.counts()),
  });
  const ops = createOpsHandler(health, deps.metrics);
  let consumption: Consumption | undefined;
  let server: HttpServer | undefined;
  let closing: Promise<void> | undefined;

  function observe(): void {
    const { inFlight, waiting, settling, places } = engine.counts();
    for (const lane of ['quick', 'unknown', 'slow'] as const) metrics.places.set({ lane }, places[lane]);
    metrics.breakersOpen.set(dispatch.openBreakers());
    metrics.inFlight.set(inFlight);
    const { open, idle } = sender.counts();
    metrics.connections.set({ state: 'used' }, open - idle);
    metrics.connections.set({ state: 'idle' }, idle);
    metrics.queued.set(waiting);
    metrics.settling.set(settling);
    metrics.inOrder.set(sequences.waiting());
  }

  async function stop(deadlineAtMs: number): Promise<void> {
    health.become('draining');
    const startedAtMs = clock.now();
    const at = (share: number) => startedAtMs + (deadlineAtMs - startedAtMs) * share;
    consumption?.stopIntake();
    await admission.stop();
    sequences.close();
    await handOvers.drain(at(DRAIN_SHARE));
    const drained =
      (await engine.drain(at(DRAIN_SHARE))) || (engine.shedWaiting(), await engine.drain(at(IN_FLIGHT_SHARE)));
    if (!drained) {
      const { inFlight, settling } = engine.counts();
      log.warn({ inFlight, settling }, 'requests.broken-off');
      engine.abortInFlight();
      await engine.drain(at(LEAVE_SHARE));
    }
    recorder.close();
    handOvers.close();
    engine.close();
    dispatch.close();
    await consumption?.close();
    await Promise.all([feed.close(), cancellationFeed.close()]);
    await sender.close();
    await server?.close(deadlineAtMs);
    health.become('closed');
    log.info({ drained, left: engine.counts() }, 'service.closed');
  }

  return {
    name: 'dispatcher',
    port: () => server?.port ?? 0,

    async start() {
      const { host } = config.hookline;
      server = await listen(
        (request, response) => {
          observe();
          const answer = async () => {
            if (!(await ops(request, response))) sendProblem(response, new NotFound('There is nothing here.'));
          };
          answer().catch((error: unknown) => sendProblem(response, error));
        },
        { host, port: config.dispatcher.port, setting: 'dispatcher.port' },
      );
      await Promise.all([feed.start(), cancellationFeed.start()]);
      consumption = await eventLog.consume({
        group: GROUP.dispatcher,
        topics: [TOPIC.events, TOPIC.deliveries],
        maxBatchRecords: config.dispatcher.batch_size,
        handler: {
          received: (batch) => admission.received(batch),
          lost({ topic, partition }) {
            if (topic === TOPIC.deliveries) sequences.lost(partition);
            // A moment later, when the signals of its batches are aborted for sure.
            setImmediate(() => engine.dropLost());
          },
        },
        onFailure: fail,
      });
      health.become('ready');
      log.info({ host, port: server.port }, 'service.ready');
    },

    close(deadlineAtMs) {
      closing ??= stop(deadlineAtMs);
      return closing;
    },
  };
}
