import type { Job, SharedEvent } from '@hookline/delivery';
import { deliveryId, type AttemptResult, type Policy, type Trigger } from '@hookline/domain';
import type { AttemptCommand, Ordered, Retry } from '@hookline/contracts';
import type { Position, RecordBatch } from '@hookline/event-log';
import type { Span } from '@hookline/service-kit';
import type { KnownWebhook } from './webhook-table.ts';

/** One delivery to be attempted once. */
export interface DeliveryJob extends Job {
  readonly event: SharedEvent;
  readonly record: RecordProgress;
  readonly trigger: Trigger;
  /** It came as a command, and not because it was due. */
  readonly commanded: boolean;
  readonly urgent: boolean;
  /** Of the attempt to make, 1-based. */
  readonly attempt: number;
  /** Of the first attempt in its schedule: 1, or where a replay began it anew. */
  readonly scheduleFrom: number;
  /** Its age counts from there. null: it was neither attempted nor put off before. */
  readonly firstAttemptAtMs: number | null;
  /** It came from `webhook.deliveries`, so `webhook.retries` holds something to settle. */
  readonly handedOver: boolean;
  /** Where its webhook wants order, and the event has the key. */
  readonly order: Place | null;
  /** The webhook and the delivery's policy as they were when the request was built. */
  webhook: KnownWebhook | null;
  policy: Policy | null;
  /** Of its attempt, where that is traced. */
  span: Span | null;
  /** What its request came to. */
  result: AttemptResult | null;
}

/** Of a job in a sequence (sequence.ts). */
export interface Place {
  /** What of its event makes it one of a sequence, together with the webhook. */
  readonly key: string;
  /** The lower ones go first: the offset of the record that put the delivery there. */
  readonly place: number;
  /** Not to be sent before. */
  readonly dueAtMs: number;
  /** Because its webhook was paused: sooner, if that goes on. */
  readonly isPaused: boolean;
  /** When its record was: the log keeps that for some days only. */
  readonly writtenAtMs: number;
  /** Its record is what put it there, and it has been in nobody else's hands. */
  isNew: boolean;
  state: 'waiting' | 'sent' | 'moving' | 'moved' | 'superseded';
  /** Told when the job is closed. */
  closed: ((job: DeliveryJob) => void) | null;
}

/** The record of a partition that jobs came from: done when they all are. */
export interface RecordProgress {
  readonly batch: Pick<RecordBatch, 'done'>;
  readonly position: Position;
  /** Its partition is somebody else's now. */
  readonly lost: () => boolean;
  open: number;
}

/** What a job weighs beside its event. */
const JOB_BYTES = 1_024;

function weightOf({ data, metadata }: Pick<SharedEvent, 'data' | 'metadata'>): number {
  let bytes = data.length + JOB_BYTES;
  for (const name in metadata) bytes += name.length + metadata[name]!.length;
  return bytes;
}

export function createEventJob(event: SharedEvent, webhookId: string, record: RecordProgress): DeliveryJob {
  return {
    deliveryId: deliveryId(event.tenant, event.id, webhookId),
    webhookId,
    tenant: event.tenant,
    sizeBytes: weightOf(event),
    lost: record.lost,
    event,
    record,
    trigger: 'automatic',
    commanded: false,
    urgent: false,
    attempt: 1,
    scheduleFrom: 1,
    firstAttemptAtMs: null,
    handedOver: false,
    order: null,
    webhook: null,
    policy: null,
    span: null,
    result: null,
  };
}

export function createHandOverJob(retry: Retry, record: RecordProgress): DeliveryJob {
  return {
    deliveryId: retry.deliveryId,
    webhookId: retry.webhookId,
    tenant: retry.event.tenant,
    sizeBytes: weightOf(retry.event),
    lost: record.lost,
    event: { ...retry.event, payloads: null },
    record,
    trigger: retry.trigger ?? 'automatic',
    commanded: false,
    urgent: retry.trigger === 'manual',
    attempt: retry.attempt,
    scheduleFrom: retry.scheduleFrom ?? 1,
    firstAttemptAtMs: retry.firstAttemptAtMs,
    handedOver: true,
    order: null,
    webhook: null,
    policy: null,
    span: null,
    result: null,
  };
}

/** Whoever asks for one more attempt goes on with the schedule that the delivery has; a replay begins it anew, and its age with it. */
export function createCommandJob(command: AttemptCommand, record: RecordProgress): DeliveryJob {
  const { deliveryId, webhookId, event, trigger, attempt, firstAttemptAtMs, scheduleFrom = 1 } = command;
  const goesOn = trigger === 'manual';
  return {
    deliveryId,
    tenant: event.tenant,
    webhookId,
    sizeBytes: weightOf(event),
    lost: record.lost,
    event: { ...event, payloads: null },
    record,
    trigger,
    commanded: true,
    urgent: goesOn,
    attempt,
    scheduleFrom: goesOn ? scheduleFrom : attempt,
    firstAttemptAtMs: goesOn ? firstAttemptAtMs : null,
    // A retry may wait for it.
    handedOver: true,
    order: null,
    webhook: null,
    policy: null,
    span: null,
    result: null,
  };
}

/** Where the deliveries of a record that put them into their sequences come from. */
export interface FirstPlace {
  key: string;
  writtenAtMs: number;
  /** How many of them share the event. */
  sharers: number;
}

/** The first attempt of an event's delivery that has its place where its record is. From then on it waits, and ages. */
export function createFirstInOrder(event: SharedEvent, webhookId: string, record: RecordProgress, first: FirstPlace) {
  const { key, writtenAtMs, sharers } = first;
  const order = placed({ key, place: record.position.offset, dueAtMs: 0, isPaused: false, writtenAtMs });
  const sizeBytes = Math.ceil((weightOf(event) - JOB_BYTES) / sharers) + JOB_BYTES;
  const firstAttemptAtMs = Math.max(writtenAtMs, event.deliverAtMs ?? 0);
  return { ...createEventJob(event, webhookId, record), sizeBytes, firstAttemptAtMs, order };
}

/** Nothing of it is in the retry schedule. */
export function createOrderedJob(ordered: Ordered, record: RecordProgress, writtenAtMs: number) {
  const { retry, orderKey: key, place, paused = false } = ordered;
  const order = placed({ key, place, dueAtMs: retry.dueAtMs, isPaused: paused, writtenAtMs });
  return { ...createHandOverJob(retry, record), handedOver: false, order };
}

function placed(of: Pick<Place, 'key' | 'place' | 'dueAtMs' | 'isPaused' | 'writtenAtMs'>): Place {
  return { ...of, isNew: false, state: 'waiting', closed: null };
}

export function closeJob(job: DeliveryJob): void {
  closeRecord(job.record);
  job.order?.closed?.(job);
}

/** Closes one whose attempt has been made by another job, which says what comes next: not in the sequence, then. */
export function closeSuperseded(job: DeliveryJob): void {
  if (job.order !== null) job.order.state = 'superseded';
  closeJob(job);
}

/** One thing less that has to be durable before the record is done. */
export function closeRecord(record: RecordProgress): void {
  if (--record.open === 0) record.batch.done(record.position.offset);
}
