import { buildRequest, createEngine, type Engine, type OutgoingRequest, type Sender } from '@hookline/delivery';
import { createPolicies, type AttemptResult, type Clock } from '@hookline/domain';
import type { Log, Sealing, Tracer } from '@hookline/service-kit';
import type { DispatcherConfig } from './config.ts';
import { closeJob, type DeliveryJob } from './job.ts';
import type { DispatcherMetrics } from './metrics.ts';
import { openDestination } from './open-destination.ts';
import type { Recorder } from './record.ts';
import { createSettledDeliveries } from './settled-deliveries.ts';
import { createSettlement, type Settlement } from './settle.ts';
import type { KnownWebhook, WebhookTable } from './webhook-table.ts';

/** Jobs in, settled deliveries out: the engine with the dispatcher's rules around it. */
export interface Dispatch {
  engine: Engine<DeliveryJob>;
  /** Takes a job unless this copy has settled that attempt of its delivery already. */
  submit(job: DeliveryJob): void;
}

export interface DispatchDeps {
  config: Pick<DispatcherConfig, 'dispatcher' | 'retry_manager'>;
  table: WebhookTable;
  sealing: Sealing;
  sender: Pick<Sender, 'send'>;
  recorder: Recorder;
  clock: Clock;
  log: Log;
  metrics: DispatcherMetrics;
  tracer: Tracer;
  fail: (error: Error) => void;
}

/** After so long it is looked again whether a webhook can be read. */
const UNREADABLE_PAUSE_MS = 60_000;

export function createDispatch({
  config,
  table,
  sealing,
  sender,
  recorder,
  clock,
  log,
  metrics,
  tracer,
  fail,
}: DispatchDeps): Dispatch {
  const { dispatcher, retry_manager: retries } = config;
  const policies = createPolicies({
    timeoutMs: dispatcher.http_timeout,
    maxRetries: retries.max_retries,
    initialDelayMs: retries.initial_delay,
    maxDelayMs: retries.max_delay,
    multiplier: retries.backoff_multiplier,
  });
  const settled = createSettledDeliveries();
  const settlement: Settlement = createSettlement({
    engine: () => engine,
    recorder,
    settled,
    policies,
    clock,
    log,
    metrics,
  });

  /** The webhook as it is now decides, and the match as it was. */
  function prepare(job: DeliveryJob): OutgoingRequest | null {
    if (table.isUnreadable(job.webhookId)) return over(settlement.putOff(job, UNREADABLE_PAUSE_MS));
    const webhook = table.get(job.webhookId);
    if (webhook === undefined) return over(settlement.discard(job));
    if (webhook.status === 'disabled') return over(settlement.dead(job, 'webhook_disabled'));
    const policy = policies[webhook.policy];
    const nowMs = clock.now();
    if (job.firstAttemptAtMs !== null && nowMs > job.firstAttemptAtMs + policy.maxAgeMs) {
      return over(settlement.dead(job, 'max_age'));
    }
    job.webhook = webhook;
    job.span = tracer.follow('delivery.attempt', job.event.traceparent);
    try {
      return buildRequest({
        destination: openDestination(webhook, sealing),
        deliveryId: job.deliveryId,
        event: job.event,
        traceparent: job.span?.traceparent ?? job.event.traceparent,
        userAgent: dispatcher.user_agent,
        nowMs,
        timeoutMs: policy.timeoutMs,
      });
    } catch (error) {
      return over(settlement.attempted(job, unsendable(webhook, error as Error, nowMs)));
    }
  }

  /** A webhook whose secrets can't be opened fails like one that can't be reached: visibly, and until somebody mends it. */
  function unsendable({ id }: KnownWebhook, error: Error, nowMs: number): AttemptResult {
    log.error({ webhookId: id, error: error.message }, 'webhook.unusable');
    return {
      startedAtMs: nowMs,
      durationMs: 0,
      status: null,
      failure: 'other',
      error: 'the webhook’s headers or secrets can’t be read',
      responseBody: null,
      retryAfterMs: null,
    };
  }

  function submit(job: DeliveryJob): void {
    const next = settled.get(job.deliveryId);
    if (next === undefined || job.attempt >= next) return engine.submit(job);
    if (next === Infinity) return settlement.alreadyFinal(job);
    metrics.duplicates.inc();
    closeJob(job);
  }

  const engine = createEngine<DeliveryJob>({
    sender,
    limits: {
      maxInFlight: dispatcher.max_in_flight,
      maxWaiting: dispatcher.max_queued,
      maxWaitingBytes: dispatcher.max_queued_bytes,
    },
    owner: {
      admits: () => true,
      maxInFlight: ({ webhook }) => webhook?.delivery?.maxInFlight ?? dispatcher.max_in_flight_per_webhook,
      prepare,
      attempted: (job, result) => settlement.attempted(job, result),
      shed: (job, delayMs) => settlement.shed(job, delayMs),
      covered(job) {
        // The first's record is not done before the first is settled, so one more of the same event says nothing that the log doesn't hold.
        // A retry handed over again is kept: in the end it needs its tombstone.
        if (job.handedOver) return false;
        metrics.duplicates.inc();
        closeJob(job);
        return true;
      },
      repeated(job, first) {
        // What the first came to may have been recorded for a partition that had gone elsewhere by then; a success counts all the same.
        if (first.result?.failure === null) settlement.alreadyFinal(job);
        else if (!job.lost()) submit(job);
      },
      broken(error) {
        log.error({ error: error.message, stack: error.stack }, 'dispatch.broken');
        fail(error);
      },
    },
  });
  return { engine, submit };
}

function over(_done: void): null {
  return null;
}
