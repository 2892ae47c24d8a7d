import { decodeAttempt, type Attempt, type IncomingRecord, type StateChange } from '@hookline/contracts';

/** What one record of `webhook.attempts` says, ready to be sent. */
export interface Entry {
  tenant: string;
  webhookId: string;
  type: string;
  /** Null: the delivery's state changed without a request. */
  outcome: 'succeeded' | 'failed' | null;
  partition: number;
  offset: number;
  timestampMs: number;
  /** As clients get it. */
  json: string;
}

/** Null for what nobody can read: observability keeps it in webhook.rejected. */
export function toEntry(record: IncomingRecord): Entry | null {
  const decoded = decodeAttempt(record);
  if (decoded.kind === 'unreadable') return null;
  const { partition, offset, timestampMs } = record;
  const at = { partition, offset, timestampMs };
  try {
    return decoded.kind === 'attempt' ? ofAttempt(decoded.attempt, at) : ofChange(decoded.change, at);
  } catch {
    // A time that no Date can hold.
    return null;
  }
}

type Place = Pick<Entry, 'partition' | 'offset' | 'timestampMs'>;

function ofAttempt(attempt: Attempt, place: Place): Entry {
  const { tenant, webhookId, eventType: type, failure } = attempt;
  const outcome = failure === null || failure === undefined ? 'succeeded' : 'failed';
  const shown = {
    kind: 'attempt',
    id: attempt.id,
    delivery_id: attempt.deliveryId,
    event_id: attempt.eventId,
    event_type: type,
    webhook_id: webhookId,
    number: attempt.number,
    trigger: attempt.trigger,
    outcome,
    class: failure ?? null,
    status: attempt.status ?? null,
    started_at: iso(attempt.startedAtMs),
    duration_ms: attempt.durationMs,
    state: attempt.state,
    reason: attempt.deadReason ?? null,
    next_attempt_at: iso(attempt.nextAttemptAtMs),
  };
  return { tenant, webhookId, type, outcome, ...place, json: JSON.stringify(shown) };
}

function ofChange(change: StateChange, place: Place): Entry {
  const { tenant, webhookId, eventType: type } = change;
  const shown = {
    kind: 'state',
    delivery_id: change.deliveryId,
    event_id: change.eventId,
    event_type: type,
    webhook_id: webhookId,
    state: change.state,
    reason: change.reason,
    attempt_count: change.attempts,
    next_attempt_at: iso(change.nextAttemptAtMs),
    at: iso(change.atMs),
  };
  return { tenant, webhookId, type, outcome: null, ...place, json: JSON.stringify(shown) };
}

/** @throws RangeError */
function iso(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString();
}
