import type { DeadReason, EndReason, Event, Trigger } from '@hookline/domain';
import { TOPIC } from '../topics.ts';
import { decodeCarriedEvent, eventHeaders } from './event-record.ts';
import { decodeFanOut, type DecodedFanOut } from './fan-out-record.ts';
import { decodeOrdered, type DecodedOrdered } from './ordered-record.ts';
import {
  integerHeader,
  RECORD_VERSION,
  unreadable,
  versionProblem,
  type IncomingRecord,
  type OutgoingRecord,
} from './record.ts';
import { decodeRetry, encodeRetry, isAskedFor, type Retry } from './retry-record.ts';

/**
 * `webhook.deliveries`, second kind: what somebody wants of a delivery, carried out by the dispatcher that has its partition. Keyed by delivery, so that
 * commands and hand-overs of one delivery keep their order; the header `hl_kind` is `command` (hand-overs have none).
 */
export type Command = AttemptCommand | CancelCommand | BuryCommand;

/**
 * Sends it now, whatever state it is in: waiting, or final. It carries what a retry does, since the dispatcher has no store to look it up in.
 * `manual`: one more attempt of the schedule it has (after the schedule's end: one attempt, and it is dead again if that fails). `replay` and
 * `recovery`: the schedule begins anew.
 */
export interface AttemptCommand {
  kind: 'attempt';
  deliveryId: string;
  webhookId: string;
  event: Event;
  trigger: Exclude<Trigger, 'automatic'>;
  /** Number of the attempt to make: one more than have been made. */
  attempt: number;
  /** Of the delivery; null: none was made, or it is not known. */
  firstAttemptAtMs: number | null;
  /** Of a `manual` one after a replay: the number of the attempt that the schedule began anew with; 1 where absent. */
  scheduleFrom?: number;
}

/** What waits of it is removed: it ends `cancelled`, unless it has ended before. A request under way is the last one. */
export interface CancelCommand {
  kind: 'cancel';
  deliveryId: string;
  tenant: string;
  eventId: string;
  eventType: string;
  webhookId: string;
  /** When the event was accepted. */
  acceptedAtMs: number;
  /** Attempts used up so far, as far as is known. */
  attempts: number;
  /** `erased`: because the event's content is to be gone. */
  reason: Extract<EndReason, 'cancelled' | 'erased'>;
}

/** A retry that there is no room to wait for becomes a dead letter. The record is the retry's own, with what makes a command of it. */
export interface BuryCommand {
  kind: 'bury';
  retry: Retry;
  reason: Extract<DeadReason, 'backlog_full'>;
}

/** Whoever has a retry's record makes a command of it with these. */
export const BURY_HEADERS = { ...commandHeaders('bury'), hl_reason: 'backlog_full' satisfies BuryCommand['reason'] };

export function encodeCommand(command: Command): OutgoingRecord {
  switch (command.kind) {
    case 'attempt':
      return encodeAttemptCommand(command);
    case 'cancel':
      return encodeCancelCommand(command);
    case 'bury': {
      const { headers, ...record } = encodeRetry(command.retry);
      return { ...record, topic: TOPIC.deliveries, headers: { ...headers, ...BURY_HEADERS } };
    }
  }
}

function encodeAttemptCommand(command: AttemptCommand): OutgoingRecord {
  const headers: Record<string, string> = {
    ...eventHeaders(command.event),
    ...commandHeaders('attempt'),
    hl_webhook: command.webhookId,
    hl_trigger: command.trigger,
    hl_attempt: String(command.attempt),
  };
  if (command.firstAttemptAtMs !== null) headers['hl_first'] = String(command.firstAttemptAtMs);
  if (command.scheduleFrom !== undefined) headers['hl_from'] = String(command.scheduleFrom);
  return { topic: TOPIC.deliveries, key: command.deliveryId, value: command.event.data, headers };
}

function encodeCancelCommand({ kind, deliveryId, ...members }: CancelCommand): OutgoingRecord {
  return {
    topic: TOPIC.deliveries,
    key: deliveryId,
    value: Buffer.from(JSON.stringify(members), 'utf8'),
    headers: commandHeaders(kind),
  };
}

function commandHeaders(command: Command['kind']): Record<string, string> {
  return { hl_v: RECORD_VERSION, hl_kind: 'command', hl_command: command };
}

/** What `webhook.deliveries` holds. */
export type DecodedDelivery =
  | { kind: 'retry'; retry: Retry }
  | { kind: 'command'; command: Command }
  | { kind: 'mark'; mark: string }
  | DecodedFanOut
  | DecodedOrdered;

export function decodeDelivery(record: IncomingRecord): DecodedDelivery {
  const kind = record.headers['hl_kind'];
  if (kind === undefined) {
    const decoded = decodeRetry(record);
    return decoded.kind === 'tombstone' ? unreadable('the record has no value') : decoded;
  }
  const wrongVersion = versionProblem(record.headers);
  if (wrongVersion !== null) return unreadable(wrongVersion);
  if (kind === 'fan-out') return decodeFanOut(record);
  if (kind === 'ordered') return decodeOrdered(record);
  if (kind !== 'command' && kind !== 'mark') {
    return unreadable(`header hl_kind is ${kind}, expected command, fan-out, ordered, mark or none`);
  }
  if (record.key === null) return unreadable('the record has no key');
  if (kind === 'mark') return { kind, mark: record.key };
  switch (record.headers['hl_command']) {
    case 'attempt':
      return decodeAttemptCommand(record, record.key);
    case 'cancel':
      return decodeCancelCommand(record, record.key);
    case 'bury':
      return decodeBuryCommand(record);
    default:
      return unreadable(`header hl_command is ${record.headers['hl_command'] ?? 'missing'}, which is unknown`);
  }
}

function decodeBuryCommand(record: IncomingRecord): DecodedDelivery {
  const decoded = decodeRetry(record);
  if (decoded.kind === 'unreadable') return decoded;
  if (decoded.kind === 'tombstone') return unreadable('the record has no value');
  const reason = record.headers['hl_reason'];
  if (reason !== 'backlog_full') return unreadable('header hl_reason must be backlog_full');
  return { kind: 'command', command: { kind: 'bury', retry: decoded.retry, reason } };
}

function decodeAttemptCommand(record: IncomingRecord, deliveryId: string): DecodedDelivery {
  const decoded = decodeCarriedEvent(record);
  if (decoded.kind === 'unreadable') return decoded;
  const { hl_webhook: webhookId, hl_trigger: trigger } = record.headers;
  const attempt = integerHeader(record.headers, 'hl_attempt');
  if (!webhookId) return unreadable('header hl_webhook is missing');
  if (!isAskedFor(trigger)) return unreadable('header hl_trigger must be one of manual, replay, recovery');
  if (attempt === null || attempt < 1) return unreadable('header hl_attempt must be a positive integer');
  const firstAttemptAtMs = integerHeader(record.headers, 'hl_first');
  const { event } = decoded;
  const command: AttemptCommand = { kind: 'attempt', deliveryId, webhookId, event, trigger, attempt, firstAttemptAtMs };
  const scheduleFrom = integerHeader(record.headers, 'hl_from');
  if (scheduleFrom !== null) command.scheduleFrom = scheduleFrom;
  return { kind: 'command', command };
}

function decodeCancelCommand(record: IncomingRecord, deliveryId: string): DecodedDelivery {
  let members: Partial<CancelCommand>;
  try {
    members = JSON.parse(record.value?.toString('utf8') ?? '') as Partial<CancelCommand>;
  } catch {
    return unreadable('the value is not JSON');
  }
  for (const name of ['tenant', 'eventId', 'eventType', 'webhookId'] as const) {
    if (typeof members?.[name] !== 'string') return unreadable(`${name} must be a string`);
  }
  for (const name of ['acceptedAtMs', 'attempts'] as const) {
    if (!Number.isFinite(members[name])) return unreadable(`${name} must be a number`);
  }
  if (members.reason !== 'cancelled' && members.reason !== 'erased') {
    return unreadable('reason must be cancelled or erased');
  }
  return { kind: 'command', command: { ...(members as CancelCommand), kind: 'cancel', deliveryId } };
}
