import type { DeadReason, DeferReason, DeliveryState, EndReason } from '@hookline/domain';
import { TOPIC } from '../topics.ts';
import {
  RECORD_VERSION,
  unreadable,
  versionProblem,
  type IncomingRecord,
  type OutgoingRecord,
  type Unreadable,
} from './record.ts';

/**
 * `webhook.attempts`, second kind: a delivery's state changed without a request having been made. Without a key, like them; the value is JSON; the header
 * `hl_kind` is `state` (attempts have none). Of a death it is said beside the dead letter, for whoever follows what happens.
 */
export interface StateChange {
  tenant: string;
  deliveryId: string;
  eventId: string;
  eventType: string;
  webhookId: string;
  /** When the event was accepted: the place of the delivery in the log. */
  acceptedAtMs: number;
  state: DeliveryState;
  reason: DeferReason | EndReason | DeadReason;
  /** Attempts used up so far, as in a dead letter: what is said of a delivery after more attempts is newer. */
  attempts: number;
  /** When it goes on; null where it does not, or nobody knows. */
  nextAttemptAtMs: number | null;
  atMs: number;
}

export function encodeState(change: StateChange): OutgoingRecord {
  return {
    topic: TOPIC.attempts,
    value: Buffer.from(JSON.stringify(change), 'utf8'),
    headers: { hl_v: RECORD_VERSION, hl_kind: 'state' },
  };
}

export type DecodedState = { kind: 'state'; change: StateChange } | Unreadable;

export function decodeState(record: IncomingRecord): DecodedState {
  const wrongVersion = versionProblem(record.headers);
  if (wrongVersion !== null) return unreadable(wrongVersion);
  const { hl_kind: kind } = record.headers;
  if (kind !== 'state') return unreadable(`header hl_kind is ${kind ?? 'missing'}, expected state`);
  let change: Partial<StateChange>;
  try {
    change = JSON.parse(record.value?.toString('utf8') ?? '') as Partial<StateChange>;
  } catch {
    return unreadable('the value is not JSON');
  }
  for (const name of ['tenant', 'deliveryId', 'eventId', 'eventType', 'webhookId', 'state', 'reason'] as const) {
    if (typeof change?.[name] !== 'string') return unreadable(`${name} must be a string`);
  }
  for (const name of ['acceptedAtMs', 'attempts', 'atMs'] as const) {
    if (!Number.isFinite(change[name])) return unreadable(`${name} must be a number`);
  }
  const { nextAttemptAtMs = null } = change;
  if (nextAttemptAtMs !== null && !Number.isFinite(nextAttemptAtMs)) {
    return unreadable('nextAttemptAtMs must be a number or null');
  }
  return { kind: 'state', change: { ...(change as StateChange), nextAttemptAtMs } };
}
