import {
  encodeHealth,
  encodeOrdered,
  encodeRetry,
  encodeState,
  type Attempt,
  type CancelCommand,
  type Retry,
} from '@hookline/contracts';
import {
  createId,
  type AttemptResult,
  type DeadReason,
  type DeferReason,
  type DeliveryState,
  type EndReason,
  type Verdict,
} from '@hookline/domain';
import type { NewRecord } from '@hookline/event-log';
import type { DeliveryJob } from './job.ts';
import type { KnownWebhook } from './webhook-table.ts';

/*
 * What a job came to, as records.
 */

/** What follows from an attempt. */
export type Outcome =
  | Exclude<Verdict, { kind: 'expired' }>
  /** `disables`: the receiver asked to be sent nothing more. */
  | { kind: 'ended'; state: EndState; disables?: DisablingReason };

/** The registry reads of it in the dead letter, and where there must be none in a record that disables the webhook. */
export type DisablingReason = Extract<DeadReason, 'gone' | 'disabled_by_receiver'>;

/** Ended without success, and no dead letter. */
export type EndState = Extract<DeliveryState, 'expired' | 'discarded' | 'cancelled'>;

export function createAttempt(job: DeliveryJob, result: AttemptResult, outcome: Outcome): Attempt {
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
    trigger: job.trigger,
    url: (job.webhook as KnownWebhook).url,
    state: stateAfter(outcome),
    nextAttemptAtMs: outcome.kind === 'retry' || outcome.kind === 'defer' ? outcome.dueAtMs : null,
    deadReason: outcome.kind === 'dead' ? outcome.reason : null,
  };
}

function stateAfter(outcome: Outcome): DeliveryState {
  switch (outcome.kind) {
    case 'succeeded':
    case 'dead':
      return outcome.kind;
    case 'retry':
      return 'retrying';
    case 'defer':
      return 'deferred';
    case 'ended':
      return outcome.state;
  }
}

/** The attempt that comes next, with this number, at that time. */
export interface Next {
  attempt: number;
  dueAtMs: number;
  firstAttemptAtMs: number;
  deferred: boolean;
  /** It waits because its webhook is paused. */
  paused?: boolean;
}

/** For the retry schedule; of a delivery in order, for its sequence. */
export function retryRecord(job: DeliveryJob, { paused = false, ...next }: Next): NewRecord {
  const { deliveryId, webhookId, event, scheduleFrom, order, record } = job;
  const retry: Retry = { deliveryId, webhookId, event, ...next };
  if (scheduleFrom !== 1) retry.scheduleFrom = scheduleFrom;
  // Whoever asked for it has not got it yet.
  if (job.trigger !== 'automatic' && job.result === null) retry.trigger = job.trigger;
  if (order === null) return encodeRetry(retry);
  return encodeOrdered({ retry, orderKey: order.key, place: order.place, paused }, record.position.partition);
}

export function deferredRecord(job: DeliveryJob, reason: DeferReason, dueAtMs: number, atMs: number): NewRecord {
  return stateRecord(job, { state: 'deferred', reason, nextAttemptAtMs: dueAtMs, atMs });
}

export function endedRecord(job: DeliveryJob, state: EndState, reason: EndReason, atMs: number): NewRecord {
  return stateRecord(job, { state, reason, nextAttemptAtMs: null, atMs });
}

/** Beside the dead letter of one that died without a request, for whoever follows what happens. */
export function deadRecord(of: Standing, reason: DeadReason, atMs: number): NewRecord {
  return stateRecord(of, { state: 'dead', reason, nextAttemptAtMs: null, atMs });
}

/** Which attempt a delivery was waiting for. */
type Standing = Pick<Retry, 'event' | 'deliveryId' | 'webhookId' | 'attempt'>;

function stateRecord(
  { event, deliveryId, webhookId, attempt }: Standing,
  parts: {
    state: DeliveryState;
    reason: DeferReason | EndReason | DeadReason;
    nextAttemptAtMs: number | null;
    atMs: number;
  },
): NewRecord {
  const { tenant, id: eventId, type: eventType, acceptedAtMs } = event;
  return encodeState({
    tenant,
    deliveryId,
    eventId,
    eventType,
    webhookId,
    acceptedAtMs,
    attempts: attempt - 1,
    ...parts,
  });
}

export function disablingRecord({ event, webhookId }: DeliveryJob, reason: DisablingReason, atMs: number): NewRecord {
  const report = { tenant: event.tenant, webhookId, kind: 'disable', atMs } as const;
  return encodeHealth(reason === 'gone' ? { ...report, reason } : report);
}

/** Of a delivery that nothing but the command is known of here. */
export function cancelledRecord({ kind: _kind, reason, ...delivery }: CancelCommand, atMs: number): NewRecord {
  return encodeState({ ...delivery, state: 'cancelled', reason, nextAttemptAtMs: null, atMs });
}
