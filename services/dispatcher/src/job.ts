import type { Job, SharedEvent } from '@hookline/delivery';
import { deliveryId, type AttemptResult } from '@hookline/domain';
import type { Retry } from '@hookline/contracts';
import type { Position, RecordBatch } from '@hookline/event-log';
import type { Span } from '@hookline/service-kit';
import type { KnownWebhook } from './webhook-table.ts';

/** One delivery to be attempted once. */
export interface DeliveryJob extends Job {
  readonly event: SharedEvent;
  readonly record: RecordProgress;
  /** Of the attempt to make, 1-based. */
  readonly attempt: number;
  /** null: none was made. */
  readonly firstAttemptAtMs: number | null;
  /** It came from `webhook.deliveries`, so `webhook.retries` holds something to settle. */
  readonly handedOver: boolean;
  /** The webhook as it was when the request was built. */
  webhook: KnownWebhook | null;
  /** Of its attempt, where that is traced. */
  span: Span | null;
  /** What its request came to. */
  result: AttemptResult | null;
}

/** The record of a partition that jobs came from: done when they all are. */
export interface RecordProgress {
  readonly batch: Pick<RecordBatch, 'done'>;
  readonly position: Position;
  /** Its partition is somebody else's now. */
  readonly lost: () => boolean;
  open: number;
}

/** What a job weighs beside its event's data. */
const JOB_BYTES = 1_024;

export function createEventJob(event: SharedEvent, webhookId: string, record: RecordProgress): DeliveryJob {
  return {
    deliveryId: deliveryId(event.tenant, event.id, webhookId),
    webhookId,
    tenant: event.tenant,
    sizeBytes: event.data.length + JOB_BYTES,
    lost: record.lost,
    event,
    record,
    attempt: 1,
    firstAttemptAtMs: null,
    handedOver: false,
    webhook: null,
    span: null,
    result: null,
  };
}

export function createHandOverJob(retry: Retry, record: RecordProgress): DeliveryJob {
  return {
    deliveryId: retry.deliveryId,
    webhookId: retry.webhookId,
    tenant: retry.event.tenant,
    sizeBytes: retry.event.data.length + JOB_BYTES,
    lost: record.lost,
    event: { ...retry.event, payloads: null },
    record,
    attempt: retry.attempt,
    firstAttemptAtMs: retry.firstAttemptAtMs,
    handedOver: true,
    webhook: null,
    span: null,
    result: null,
  };
}

export function closeJob({ record }: DeliveryJob): void {
  if (--record.open === 0) record.batch.done(record.position.offset);
}
