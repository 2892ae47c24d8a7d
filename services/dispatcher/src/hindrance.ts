import { expiryOf, overAt, type DeadReason, type DeferReason, type EndReason, type Policy } from '@hookline/domain';
import type { DeliveryJob } from './job.ts';
import type { EndState } from './outcome.ts';
import type { KnownWebhook } from './webhook-table.ts';

/** Why a job's request is not made. */
export type Hindrance =
  | { kind: 'defer'; reason: DeferReason; dueAtMs: number }
  | { kind: 'dead'; reason: DeadReason }
  | { kind: 'end'; state: EndState; reason: EndReason };

/** After so long it is looked again whether a webhook can be read; for those in order also whether it goes on, should nobody have said so. */
const LOOK_AGAIN_MS = 60_000;
/** A paused webhook's delivery is held in the schedule, due or not, and released when the webhook goes on. So soon it is due for that. */
const HELD_SOON_MS = 1_000;

/** What is known when a job's turn has come. */
export interface Circumstances {
  /** Why it was cancelled; null: it was not. */
  cancelled: Extract<EndReason, 'cancelled' | 'erased'> | null;
  /** The webhook's latest change can't be read. */
  unreadable: boolean;
  /** As it is now; undefined: it is gone. */
  webhook: Pick<KnownWebhook, 'status'> | undefined;
  policy: Policy;
  nowMs: number;
}

/**
 * What stands in the way of a request; null: nothing does. The webhook as it is now decides, and the match as it was. Whoever asks for an attempt
 * knows that it is late, early or cancelled; and one that is asked for by hand is made although the webhook is paused.
 */
export function hindranceOf(
  job: Pick<DeliveryJob, 'trigger' | 'event' | 'firstAttemptAtMs' | 'order'>,
  { cancelled, unreadable, webhook, policy, nowMs }: Circumstances,
): Hindrance | null {
  if (cancelled === 'erased' || (cancelled !== null && !isAsked(job))) {
    return { kind: 'end', state: 'cancelled', reason: cancelled };
  }
  if (unreadable) return { kind: 'defer', reason: 'webhook_unreadable', dueAtMs: nowMs + LOOK_AGAIN_MS };
  if (webhook === undefined) return { kind: 'end', state: 'discarded', reason: 'webhook_deleted' };
  if (webhook.status === 'disabled') return { kind: 'dead', reason: 'webhook_disabled' };
  const untimely = isAsked(job) ? null : untimelinessOf(job, policy, nowMs);
  if (untimely !== null) return untimely;
  if (webhook.status !== 'paused' || job.trigger === 'manual') return null;
  return { kind: 'defer', reason: 'paused', dueAtMs: nowMs + (job.order === null ? HELD_SOON_MS : LOOK_AGAIN_MS) };
}

function isAsked({ trigger }: Pick<DeliveryJob, 'trigger'>): boolean {
  return trigger !== 'automatic';
}

function untimelinessOf(
  { event, firstAttemptAtMs }: Pick<DeliveryJob, 'event' | 'firstAttemptAtMs'>,
  policy: Policy,
  nowMs: number,
): Hindrance | null {
  const ends = { policy, firstAttemptAtMs: firstAttemptAtMs ?? nowMs, expiresAtMs: expiryOf(policy, event) };
  const over = overAt(ends, nowMs);
  if (over?.kind === 'expired') return { kind: 'end', state: 'expired', reason: 'ttl' };
  if (over !== null) return over;
  const { deliverAtMs } = event;
  if (deliverAtMs === undefined || deliverAtMs <= nowMs) return null;
  return { kind: 'defer', reason: 'scheduled', dueAtMs: deliverAtMs };
}
