import {
  buildRequest,
  createEngine,
  failedResult,
  type Engine,
  type OutgoingRequest,
  type Sender,
} from '@hookline/delivery';
import type { BuryCommand, CancelCommand } from '@hookline/contracts';
import {
  createPolicies,
  policyFor,
  policyOf,
  type AttemptResult,
  type Clock,
  type DeferReason,
  type Policy,
} from '@hookline/domain';
import type { NewRecord, Position } from '@hookline/event-log';
import type { Log, Sealing, Tracer } from '@hookline/service-kit';
import type { Cancellations } from './cancellations.ts';
import type { DispatcherConfig } from './config.ts';
import { atEndOfTurn } from './end-of-turn.ts';
import { createGates, type Gates } from './gates/gates.ts';
import type { DispatchLimits } from './gates/shared-limits.ts';
import { hindranceOf, type Hindrance } from './hindrance.ts';
import { closeJob, closeSuperseded, type DeliveryJob } from './job.ts';
import type { DispatcherMetrics } from './metrics.ts';
import { openDestination } from './open-destination.ts';
import { retryRecord } from './outcome.ts';
import type { Recorder } from './record.ts';
import type { PlacedJob } from './sequences.ts';
import { createSettledDeliveries } from './settled-deliveries.ts';
import { createSettlement, type Settlement } from './settle.ts';
import { createWebhookReports } from './webhook-reports.ts';
import type { KnownWebhook, WebhookTable } from './webhook-table.ts';

/** Jobs in, settled deliveries out: the engine with the dispatcher's rules around it. */
export interface Dispatch {
  engine: Engine<DeliveryJob>;
  /** Takes a job unless this copy has settled that attempt of its delivery already. */
  submit: (job: DeliveryJob) => void;
  /** Of a delivery that is settled: the number of the attempt that comes next, Infinity where there is none; undefined where it is not known. */
  nextAttempt: (deliveryId: string) => number | undefined;
  /** What goes into the log for a job that goes on as it stands. */
  copyOf: (job: PlacedJob) => NewRecord;
  /** Dead without a request: there is no room for it. */
  refuse: (job: DeliveryJob) => void;
  /** What ends a job that no request is to be made for any more, not even later; null: one is. */
  over: (job: DeliveryJob) => (() => void) | null;
  /** Removes what waits of a delivery, and keeps what is on its way from being sent; `durable` is called in the end. */
  cancel(command: CancelCommand, source: Position, durable: () => void): void;
  /** Makes a dead letter of a retry that can't wait; `durable` is called in the end. */
  bury(command: BuryCommand, source: Position, durable: () => void): void;
  /** Breakers of webhooks that are not closed, as far as is known here. */
  openBreakers(): number;
  close(): void;
}

export interface DispatchDeps {
  config: Pick<DispatcherConfig, 'hookline' | 'dispatcher' | 'retry_manager' | 'breaker'>;
  limits: DispatchLimits;
  table: WebhookTable;
  cancellations: Cancellations;
  sealing: Sealing;
  sender: Pick<Sender, 'send'>;
  recorder: Recorder;
  clock: Clock;
  log: Log;
  metrics: DispatcherMetrics;
  tracer: Tracer;
  fail: (error: Error) => void;
}

export function createDispatch({
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
}: DispatchDeps): Dispatch {
  const { hookline, dispatcher, retry_manager: retries } = config;
  const policies = createPolicies({
    timeoutMs: dispatcher.http_timeout,
    maxRetries: retries.max_retries,
    initialDelayMs: retries.initial_delay,
    maxDelayMs: retries.max_delay,
    multiplier: retries.backoff_multiplier,
  });
  const settled = createSettledDeliveries();
  const reports = createWebhookReports(hookline.disable_failing_after);
  const settlement: Settlement = createSettlement({
    engine: () => engine,
    recorder,
    settled,
    cancellations,
    policyOf: (job) => policyOfJob(job, table.get(job.webhookId)),
    clock,
    log,
    metrics,
  });

  const gates: Gates = createGates({
    engine: () => engine,
    limits,
    breaker: { failuresInARow: config.breaker.failures_in_a_row, windowMs: config.breaker.window },
    settingsOf: (webhookId) => table.get(webhookId)?.delivery,
    timeoutMs: Math.max(policies.quick.timeoutMs, policies.standard.timeoutMs),
    clock,
    log,
  });

  /** Of a webhook that nobody can read, the most patient one. */
  function policyOfJob({ event }: DeliveryJob, webhook: KnownWebhook | undefined): Policy {
    if (webhook === undefined) return policies.standard;
    webhook.compiledPolicy ??= policyOf(policies[webhook.policy], webhook.delivery);
    return policyFor(webhook.compiledPolicy, event);
  }

  function hindranceNow(
    job: DeliveryJob,
    webhook: KnownWebhook | undefined,
    policy: Policy,
    nowMs: number,
  ): Hindrance | null {
    const { webhookId, event } = job;
    return hindranceOf(job, {
      cancelled: cancellations.reasonFor(event.tenant, event.id, webhookId),
      unreadable: table.isUnreadable(webhookId),
      webhook,
      policy,
      nowMs,
    });
  }

  function prepare(job: DeliveryJob): OutgoingRequest | null {
    const webhook = table.get(job.webhookId);
    const policy = policyOfJob(job, webhook);
    const nowMs = clock.now();
    const hindrance = hindranceNow(job, webhook, policy, nowMs);
    if (hindrance !== null) return over(settlement.hindered(job, hindrance));
    job.policy = policy;
    job.webhook = webhook as KnownWebhook;
    job.span = tracer.follow('delivery.attempt', job.event.traceparent);
    try {
      return buildRequest({
        destination: openDestination(job.webhook, sealing),
        deliveryId: job.deliveryId,
        event: job.event,
        traceparent: job.span?.traceparent ?? job.event.traceparent,
        userAgent: dispatcher.user_agent,
        nowMs,
        timeoutMs: policy.timeoutMs,
      });
    } catch (error) {
      return over(settlement.attempted(job, unsendable(job.webhook, error as Error, nowMs)));
    }
  }

  /** A webhook whose secrets can't be opened fails like one that can't be reached: visibly, and until somebody mends it. */
  function unsendable({ id }: KnownWebhook, error: Error, nowMs: number): AttemptResult {
    log.error({ webhookId: id, error: error.message }, 'webhook.unusable');
    return failedResult(nowMs, 'other', 'the webhook’s headers, secrets or credentials can’t be read');
  }

  /** What was shed comes back when a gate opens, or else when its slot in the webhook's drain comes. Without a delay: at shutdown. */
  function putOff(job: DeliveryJob, delayMs: number): void {
    const defer = (reason: DeferReason, dueAtMs: number) =>
      settlement.defer(job, reason, Math.max(dueAtMs, job.event.deliverAtMs ?? 0));
    if (!gates.putOff(job, defer)) defer(delayMs === 0 ? 'shutdown' : 'overflow', clock.now() + delayMs);
  }

  function enter(job: DeliveryJob): void {
    if (gates.isShut(job)) engine.defer(job);
    else engine.submit(job);
  }

  /** Whoever asks for an attempt gets one, whatever came of the earlier ones. What replays a dead letter may do so twice, and means one attempt. */
  function obey(job: DeliveryJob): void {
    if (job.trigger === 'manual' || settled.made(job.deliveryId) < job.attempt) return enter(job);
    metrics.duplicates.inc();
    closeJob(job);
  }

  function submit(job: DeliveryJob): void {
    if (job.commanded) return obey(job);
    const next = settled.get(job.deliveryId);
    if (next === undefined || job.attempt >= next) return enter(job);
    if (next === Infinity) return settlement.alreadyFinal(job);
    metrics.duplicates.inc();
    closeSuperseded(job);
  }

  function broken(error: Error): void {
    log.error({ error: error.message, stack: error.stack }, 'dispatch.broken');
    fail(error);
  }

  const ended = atEndOfTurn<{ job: DeliveryJob; result: AttemptResult }>(({ job, result }) => {
    settlement.attempted(job, result);
    const report = reports.attempted(job.webhook as KnownWebhook, result, clock.now());
    // Nobody waits for it: the next one makes up for one that is lost.
    if (report !== null) recorder.record([report], job.record.position, () => {});
  }, broken);

  const engine = createEngine<DeliveryJob>({
    sender,
    limits: {
      maxInFlight: dispatcher.max_in_flight,
      maxWaiting: dispatcher.max_queued,
      maxWaitingBytes: dispatcher.max_queued_bytes,
    },
    owner: {
      admits: (job) => gates.admits(job),
      maxInFlight: ({ webhook }) => webhook?.delivery?.maxInFlight ?? dispatcher.max_in_flight_per_webhook,
      prepare(job) {
        const request = prepare(job);
        if (request === null) gates.unsent(job);
        return request;
      },
      attempted(job, result) {
        // At once: the next request to the same webhook may go out in this turn.
        gates.ended(job, result);
        ended({ job, result });
      },
      shed: putOff,
      covered(job) {
        // The first's record is not done before the first is settled, so one more of the same event says nothing that the log doesn't hold.
        // A retry handed over again is kept: in the end it needs its tombstone. In order, it is the first one's next attempt.
        if (job.handedOver || job.order !== null) return false;
        metrics.duplicates.inc();
        closeJob(job);
        return true;
      },
      repeated(job, first) {
        // What the first came to may have been recorded for a partition that had gone elsewhere by then; a success counts all the same.
        // And whoever asked for an attempt while one was being made has got it.
        if (first.result?.failure === null) settlement.alreadyFinal(job);
        else if (job.trigger !== 'automatic' && first.result !== null) closeJob(job);
        else if (!job.lost()) submit(job);
      },
      broken,
    },
  });

  return {
    engine,
    submit,
    nextAttempt: (id) => settled.get(id),
    copyOf(job) {
      const { attempt, firstAttemptAtMs, order } = job;
      return retryRecord(job, {
        attempt,
        dueAtMs: order.dueAtMs,
        firstAttemptAtMs: firstAttemptAtMs ?? clock.now(),
        deferred: true,
        paused: order.isPaused,
      });
    },
    over(job) {
      const webhook = table.get(job.webhookId);
      const hindrance = hindranceNow(job, webhook, policyOfJob(job, webhook), clock.now());
      return hindrance === null || hindrance.kind === 'defer' ? null : () => settlement.hindered(job, hindrance);
    },
    refuse: (job) => settlement.hindered(job, { kind: 'dead', reason: 'backlog_full' }),
    cancel(command, source, durable) {
      cancellations.add(command);
      // What has ended is as it is.
      if (settled.get(command.deliveryId) === Infinity) durable();
      else settlement.cancel(command, source, durable);
    },
    bury(command, source, durable) {
      const { deliveryId, attempt } = command.retry;
      const next = settled.get(deliveryId) ?? 0;
      // An attempt that somebody asked for has been made since: what came of it stands in the log, and waits or has ended.
      if (next > attempt) durable();
      else settlement.bury(command, source, durable);
    },
    openBreakers: () => gates.openBreakers(),
    close: () => gates.close(),
  };
}

function over(_done: void): null {
  return null;
}
