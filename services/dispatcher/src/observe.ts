import type { Attempt } from '@hookline/contracts';
import { createLines, traceIdOf, type Log } from '@hookline/service-kit';
import type { DeliveryJob } from './job.ts';
import type { DispatcherMetrics } from './metrics.ts';

/** Says of every attempt what came of it: its span, the metrics, the canonical line of the log. */
export interface Observer {
  attempted(job: DeliveryJob, attempt: Attempt, nowMs: number): void;
}

export function createObserver(metrics: DispatcherMetrics, log: Log): Observer {
  const writeLine = createLines(log, 'attempt.finished');

  function endSpan({ span, webhookId }: DeliveryJob, attempt: Attempt): void {
    span?.end(
      {
        'hookline.tenant': attempt.tenant,
        'hookline.event.id': attempt.eventId,
        'hookline.webhook.id': webhookId,
        'hookline.delivery.id': attempt.deliveryId,
        'hookline.attempt.number': attempt.number,
        'http.response.status_code': attempt.status ?? undefined,
      },
      attempt.failure,
    );
  }

  function count({ event }: DeliveryJob, { trigger, durationMs, failure }: Attempt, nowMs: number): void {
    metrics.attempts.inc({ trigger });
    metrics.duration.observe(durationMs / 1_000);
    if (failure !== null) {
      metrics.failures.inc({ class: failure });
      return;
    }
    metrics.successes.inc();
    metrics.lag.observe(Math.max(0, nowMs - event.acceptedAtMs) / 1_000);
  }

  function write({ span, event }: DeliveryJob, attempt: Attempt): void {
    if (writeLine === undefined) return;
    const { id, tenant, deliveryId, eventId, webhookId, number, trigger, failure, phase, status, durationMs, state } =
      attempt;
    writeLine({
      attemptId: id,
      tenant,
      deliveryId,
      eventId,
      webhookId,
      number,
      trigger,
      outcome: failure === null ? 'succeeded' : 'failed',
      class: failure,
      phase,
      status,
      durationMs,
      state,
      traceId: traceIdOf(span?.traceparent ?? event.traceparent),
    });
  }

  return {
    attempted(job, attempt, nowMs) {
      endSpan(job, attempt);
      count(job, attempt, nowMs);
      write(job, attempt);
    },
  };
}
