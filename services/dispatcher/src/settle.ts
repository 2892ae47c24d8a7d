import {
  encodeAttempt,
  encodeDeadLetter,
  encodeSettled,
  type BuryCommand,
  type CancelCommand,
} from '@hookline/contracts';
import type { Engine } from '@hookline/delivery';
import {
  expiryOf,
  judge,
  overAt,
  type AttemptResult,
  type Clock,
  type DeadReason,
  type DeferReason,
  type EndReason,
  type Policy,
  type Verdict,
} from '@hookline/domain';
import type { NewRecord, Position } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';
import type { Cancellations } from './cancellations.ts';
import type { Hindrance } from './hindrance.ts';
import { closeJob, type DeliveryJob } from './job.ts';
import type { DispatcherMetrics } from './metrics.ts';
import { createObserver } from './observe.ts';
import {
  cancelledRecord,
  createAttempt,
  deadRecord,
  deferredRecord,
  disablingRecord,
  endedRecord,
  retryRecord,
  type DisablingReason,
  type EndState,
  type Outcome,
} from './outcome.ts';
import type { Recorder } from './record.ts';
import type { SettledDeliveries } from './settled-deliveries.ts';

/**
 * Makes durable what follows from a job, and only then closes it:
 *
 *   succeeded            attempt (+ tombstone, where a retry record may be)
 *   failed, goes on      attempt + retry
 *   failed, is dead      attempt + dead letter, then tombstone
 *   failed, has ended    attempt + tombstone (+ what disables the webhook, if the receiver wants that)
 *   partition lost       attempt
 *   put off              retry + state
 *   dead, no request     state + dead letter, then tombstone
 *   ended, no request    state + tombstone
 */
export interface Settlement {
  attempted(job: DeliveryJob, result: AttemptResult): void;
  /** The same attempt comes again then; or never, where that would be past the delivery's end. */
  defer(job: DeliveryJob, reason: DeferReason, dueAtMs: number): void;
  /** There is no request to make, now or ever. */
  hindered(job: DeliveryJob, hindrance: Hindrance): void;
  /** Settled before by another job of the same delivery: nothing remains but the tombstone. */
  alreadyFinal(job: DeliveryJob): void;
  /** What waits of the delivery is removed. Its job, should there be one in here, ends by itself. */
  cancel(command: CancelCommand, source: Position, durable: () => void): void;
  /** The same, and what waits becomes a dead letter. */
  bury(command: BuryCommand, source: Position, durable: () => void): void;
}

export interface SettlementDeps {
  engine: () => Engine<DeliveryJob>;
  recorder: Recorder;
  settled: SettledDeliveries;
  cancellations: Cancellations;
  /** As the webhook is now. */
  policyOf: (job: DeliveryJob) => Policy;
  clock: Clock;
  log: Log;
  metrics: DispatcherMetrics;
  random?: () => number;
}

export function createSettlement({
  engine,
  recorder,
  settled,
  cancellations,
  policyOf,
  clock,
  log,
  metrics,
  ...deps
}: SettlementDeps): Settlement {
  const { random = Math.random } = deps;
  const observer = createObserver(metrics, log);

  /** The last step of every way. */
  function finish(job: DeliveryJob, nextAttempt: number): void {
    if (!job.lost()) settled.set(job.deliveryId, nextAttempt, job.result === null ? job.attempt - 1 : job.attempt);
    closeJob(job);
    engine().settled(job);
  }

  function attempted(job: DeliveryJob, result: AttemptResult): void {
    const nowMs = clock.now();
    const firstAttemptAtMs = job.firstAttemptAtMs ?? result.startedAtMs;
    const policy = job.policy as Policy;
    const outcome = outcomeOf(job, result, policy, firstAttemptAtMs, nowMs);
    const attempt = createAttempt(job, result, outcome);
    job.result = result;
    observer.attempted(job, attempt, nowMs);
    const record = encodeAttempt(attempt);
    const source = job.record.position;
    if (job.lost()) return recorder.record([record], source, () => finish(job, 0));
    switch (outcome.kind) {
      case 'succeeded':
        return recorder.record(job.handedOver ? [record, encodeSettled(job.deliveryId)] : [record], source, () =>
          finish(job, Infinity),
        );
      case 'retry':
      case 'defer': {
        const deferred = outcome.kind === 'defer';
        const next = deferred ? job.attempt : job.attempt + 1;
        const { dueAtMs } = outcome;
        const retry = retryRecord(job, { attempt: next, dueAtMs, firstAttemptAtMs, deferred });
        return recorder.record([record, retry], source, (all) => (all ? finish(job, next) : giveUp(job)));
      }
      case 'dead':
        return bury(job, outcome.reason, job.attempt, firstAttemptAtMs, [record]);
      case 'ended': {
        metrics.ended.inc({ state: outcome.state });
        const records: NewRecord[] = [record, encodeSettled(job.deliveryId)];
        if (outcome.disables !== undefined) records.push(disablingRecord(job, outcome.disables, nowMs));
        return recorder.record(records, source, () => finish(job, Infinity));
      }
    }
  }

  /** A delivery that was cancelled while its request was under way has had its last one; what was erased is not written anew in a dead letter. */
  function outcomeOf(
    job: DeliveryJob,
    result: AttemptResult,
    policy: Policy,
    firstAttemptAtMs: number,
    nowMs: number,
  ): Outcome {
    const verdict = judge({
      attempt: job.attempt - job.scheduleFrom + 1,
      firstAttemptAtMs,
      result,
      policy,
      expiresAtMs: expiryOf(policy, job.event),
      nowMs,
      random: random(),
    });
    if (verdict.kind === 'succeeded') return verdict;
    const cancelled = cancellationOf(job);
    const disables = disablingReasonOf(verdict);
    if (disables !== null && cancelled === 'erased') return { kind: 'ended', state: 'cancelled', disables };
    if (disables === null && cancelled !== null) return { kind: 'ended', state: 'cancelled' };
    return verdict.kind === 'expired' ? { kind: 'ended', state: 'expired' } : verdict;
  }

  function cancellationOf({ event, webhookId }: DeliveryJob): CancelCommand['reason'] | null {
    return cancellations.reasonFor(event.tenant, event.id, webhookId);
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

  function dead(job: DeliveryJob, reason: DeadReason): void {
    const nowMs = clock.now();
    bury(job, reason, job.attempt - 1, job.firstAttemptAtMs ?? nowMs, [deadRecord(job, reason, nowMs)]);
  }

  /** Its retry does not fit into the log and is marked in `webhook.rejected`: nothing of it may wait in the schedule and be sent again and again. */
  function giveUp(job: DeliveryJob): void {
    if (!job.handedOver) return finish(job, Infinity);
    recorder.record([encodeSettled(job.deliveryId)], job.record.position, () => finish(job, Infinity));
  }

  function defer(job: DeliveryJob, reason: DeferReason, dueAtMs: number): void {
    // What was erased must not be written anew, wherever it was to wait.
    const cancelled = cancellationOf(job);
    if (cancelled !== null) return end(job, 'cancelled', cancelled);
    const nowMs = clock.now();
    const policy = policyOf(job);
    // What is not to be sent before some time begins to age then.
    const firstAttemptAtMs = job.firstAttemptAtMs ?? (reason === 'scheduled' ? dueAtMs : nowMs);
    const over = overAt({ policy, firstAttemptAtMs, expiresAtMs: expiryOf(policy, job.event) }, dueAtMs);
    if (over?.kind === 'expired') return end(job, 'expired', 'ttl');
    if (over !== null) return dead(job, over.reason);
    metrics.deferred.inc({ reason });
    const { attempt } = job;
    const paused = reason === 'paused';
    const retry = retryRecord(job, { attempt, dueAtMs, firstAttemptAtMs, deferred: true, paused });
    const state = deferredRecord(job, reason, dueAtMs, nowMs);
    recorder.record([retry, state], job.record.position, (all) => (all ? finish(job, attempt) : giveUp(job)));
  }

  /** With a tombstone in any case: a copy that died may have left a retry, and it costs little where so little happens. */
  function end(job: DeliveryJob, state: EndState, reason: EndReason): void {
    metrics.ended.inc({ state });
    const records = [endedRecord(job, state, reason, clock.now()), encodeSettled(job.deliveryId)];
    recorder.record(records, job.record.position, () => finish(job, Infinity));
  }

  return {
    attempted,
    defer,
    hindered(job, hindrance) {
      if (hindrance.kind === 'defer') defer(job, hindrance.reason, hindrance.dueAtMs);
      else if (hindrance.kind === 'dead') dead(job, hindrance.reason);
      else end(job, hindrance.state, hindrance.reason);
    },
    alreadyFinal(job) {
      metrics.duplicates.inc();
      if (job.handedOver) recorder.record([encodeSettled(job.deliveryId)], job.record.position, () => closeJob(job));
      else closeJob(job);
    },
    bury({ retry, reason }, source, durable) {
      const { deliveryId, webhookId, event, attempt, firstAttemptAtMs } = retry;
      const deadAtMs = clock.now();
      const letter = { deliveryId, webhookId, event, reason, attempts: attempt - 1, firstAttemptAtMs, deadAtMs };
      metrics.deadLetters.inc({ reason });
      settled.set(deliveryId, Infinity, attempt - 1);
      recorder.record([deadRecord(retry, reason, deadAtMs), encodeDeadLetter(letter)], source, () =>
        recorder.record([encodeSettled(deliveryId)], source, durable),
      );
    },
    cancel(command, source, durable) {
      metrics.ended.inc({ state: 'cancelled' });
      recorder.record([cancelledRecord(command, clock.now()), encodeSettled(command.deliveryId)], source, durable);
    },
  };
}

function disablingReasonOf(verdict: Verdict): DisablingReason | null {
  if (verdict.kind !== 'dead') return null;
  return verdict.reason === 'gone' || verdict.reason === 'disabled_by_receiver' ? verdict.reason : null;
}
