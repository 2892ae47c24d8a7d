import { encodeAttempt, encodeDeadLetter, encodeRetry, encodeSettled, type Attempt } from '@hookline/contracts';
import type { Engine } from '@hookline/delivery';
import {
  createId,
  judge,
  type AttemptResult,
  type Clock,
  type DeadReason,
  type Policy,
  type PolicyName,
  type Verdict,
} from '@hookline/domain';
import type { NewRecord } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';
import { closeJob, type DeliveryJob } from './job.ts';
import type { DispatcherMetrics } from './metrics.ts';
import type { Recorder } from './record.ts';
import type { SettledDeliveries } from './settled-deliveries.ts';
import type { KnownWebhook } from './webhook-table.ts';

/**
 * Makes durable what follows from a job, and only then closes it:
 *
 *   succeeded            attempt (+ tombstone, where a retry record may be)
 *   failed, goes on      attempt + retry
 *   failed, is dead      attempt + dead letter, then tombstone
 *   partition lost       attempt
 *   shed, put off        retry, deferred
 *   nothing to send      dead letter, then tombstone; or tombstone alone (webhook deleted)
 */
export interface Settlement {
  attempted(job: DeliveryJob, result: AttemptResult): void;
  shed(job: DeliveryJob, delayMs: number): void;
  /** It comes back in `delayMs`, the same attempt: it can't be decided now. */
  putOff(job: DeliveryJob, delayMs: number): void;
  /** Dead without a request. */
  dead(job: DeliveryJob, reason: DeadReason): void;
  /** The webhook is gone. */
  discard(job: DeliveryJob): void;
  /** Settled before by another job of the same delivery: nothing remains but the tombstone. */
  alreadyFinal(job: DeliveryJob): void;
}

export interface SettlementDeps {
  engine: () => Engine<DeliveryJob>;
  recorder: Recorder;
  settled: SettledDeliveries;
  policies: Record<PolicyName, Policy>;
  clock: Clock;
  log: Log;
  metrics: DispatcherMetrics;
  random?: () => number;
}

export function createSettlement({
  engine,
  recorder,
  settled,
  policies,
  clock,
  log,
  metrics,
  ...deps
}: SettlementDeps): Settlement {
  const { random = Math.random } = deps;
  // The line's fields are all ours and none is a secret: looking for some to redact would cost more than the line itself.
  const attemptLog = log.child({}, { redact: [] });

  /** The last step of every way. */
  function finish(job: DeliveryJob, nextAttempt: number): void {
    if (!job.lost()) settled.set(job.deliveryId, nextAttempt);
    closeJob(job);
    engine().settled(job);
  }

  function attempted(job: DeliveryJob, result: AttemptResult): void {
    const webhook = job.webhook as KnownWebhook;
    const nowMs = clock.now();
    const firstAttemptAtMs = job.firstAttemptAtMs ?? result.startedAtMs;
    const policy = policies[webhook.policy];
    const verdict = judge({ attempt: job.attempt, firstAttemptAtMs, result, policy, nowMs, random: random() });
    const attempt = createAttempt(job, webhook, result, verdict);
    job.result = result;
    observe(job, result, nowMs);
    if (attemptLog.isLevelEnabled('info')) logAttempt(attempt);
    const record = encodeAttempt(attempt);
    const source = job.record.position;
    if (job.lost()) return recorder.record([record], source, () => finish(job, 0));
    switch (verdict.kind) {
      case 'succeeded':
        return recorder.record(job.handedOver ? [record, encodeSettled(job.deliveryId)] : [record], source, () =>
          finish(job, Infinity),
        );
      case 'retry': {
        const { attempt: next, dueAtMs } = verdict;
        const retry = encodeRetry({
          deliveryId: job.deliveryId,
          webhookId: job.webhookId,
          event: job.event,
          attempt: next,
          dueAtMs,
          firstAttemptAtMs,
          deferred: result.failure === 'shutdown',
        });
        return recorder.record([record, retry], source, (all) => (all ? finish(job, next) : giveUp(job)));
      }
      case 'dead':
        return bury(job, verdict.reason, job.attempt, firstAttemptAtMs, [record]);
    }
  }

  /** The tombstone ends the retry manager's hold on the delivery, so the dead letter has to be durable before. */
  function bury(
    job: DeliveryJob,
    reason: DeadReason,
    attempts: number,
    firstAttemptAtMs: number,
    before: NewRecord[],
  ): void {
    const { deliveryId, webhookId, event } = job;
    const source = job.record.position;
    const letter = { deliveryId, webhookId, event, reason, attempts, firstAttemptAtMs, deadAtMs: clock.now() };
    metrics.deadLetters.inc({ reason });
    recorder.record([...before, encodeDeadLetter(letter)], source, () =>
      recorder.record([encodeSettled(deliveryId)], source, () => finish(job, Infinity)),
    );
  }

  /** Its retry does not fit into the log and is marked in `webhook.rejected`: nothing of it may wait in the schedule and be sent again and again. */
  function giveUp(job: DeliveryJob): void {
    if (!job.handedOver) return finish(job, Infinity);
    recorder.record([encodeSettled(job.deliveryId)], job.record.position, () => finish(job, Infinity));
  }

  function observe(job: DeliveryJob, { failure, durationMs, status }: AttemptResult, nowMs: number): void {
    job.span?.end(
      {
        'hookline.tenant': job.event.tenant,
        'hookline.event.id': job.event.id,
        'hookline.webhook.id': job.webhookId,
        'hookline.delivery.id': job.deliveryId,
        'hookline.attempt.number': job.attempt,
        'http.response.status_code': status ?? undefined,
      },
      failure,
    );
    metrics.attempts.inc();
    metrics.duration.observe(durationMs / 1_000);
    if (failure !== null) {
      metrics.failures.inc({ class: failure });
      return;
    }
    metrics.successes.inc();
    metrics.lag.observe(Math.max(0, nowMs - job.event.acceptedAtMs) / 1_000);
  }

  function logAttempt({
    id,
    tenant,
    deliveryId,
    eventId,
    webhookId,
    number,
    failure,
    status,
    durationMs,
    state,
  }: Attempt) {
    attemptLog.info(
      {
        attemptId: id,
        tenant,
        deliveryId,
        eventId,
        webhookId,
        number,
        outcome: failure === null ? 'succeeded' : 'failed',
        class: failure,
        status,
        durationMs,
        state,
      },
      'attempt.finished',
    );
  }

  function putOff(job: DeliveryJob, delayMs: number): void {
    const nowMs = clock.now();
    const retry = encodeRetry({
      deliveryId: job.deliveryId,
      webhookId: job.webhookId,
      event: job.event,
      attempt: job.attempt,
      dueAtMs: nowMs + delayMs,
      firstAttemptAtMs: job.firstAttemptAtMs ?? nowMs,
      deferred: true,
    });
    recorder.record([retry], job.record.position, (all) => (all ? finish(job, job.attempt) : giveUp(job)));
  }

  return {
    attempted,
    putOff,
    shed(job, delayMs) {
      metrics.shed.inc();
      putOff(job, delayMs);
    },
    dead: (job, reason) => bury(job, reason, job.attempt - 1, job.firstAttemptAtMs ?? clock.now(), []),
    discard(job) {
      metrics.discarded.inc();
      if (job.handedOver)
        recorder.record([encodeSettled(job.deliveryId)], job.record.position, () => finish(job, Infinity));
      else finish(job, Infinity);
    },
    alreadyFinal(job) {
      metrics.duplicates.inc();
      if (job.handedOver) recorder.record([encodeSettled(job.deliveryId)], job.record.position, () => closeJob(job));
      else closeJob(job);
    },
  };
}

function createAttempt(job: DeliveryJob, webhook: KnownWebhook, result: AttemptResult, verdict: Verdict): Attempt {
  return {
    ...result,
    id: createId('att'),
    tenant: job.event.tenant,
    deliveryId: job.deliveryId,
    eventId: job.event.id,
    eventType: job.event.type,
    acceptedAtMs: job.event.acceptedAtMs,
    webhookId: job.webhookId,
    number: job.attempt,
    trigger: 'automatic',
    url: webhook.url,
    state: stateAfter(verdict, result),
    nextAttemptAtMs: verdict.kind === 'retry' ? verdict.dueAtMs : null,
    deadReason: verdict.kind === 'dead' ? verdict.reason : null,
  };
}

function stateAfter(verdict: Verdict, { failure }: AttemptResult): Attempt['state'] {
  if (verdict.kind === 'succeeded' || verdict.kind === 'dead') return verdict.kind;
  return failure === 'shutdown' ? 'deferred' : 'retrying';
}
