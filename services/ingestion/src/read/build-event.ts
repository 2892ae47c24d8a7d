import { createHash, hash } from 'node:crypto';
import { encodeEvent, eventSizeBytes, type OutgoingRecord } from '@hookline/contracts';
import { createId, EVENT_LIMITS, isTraceparent, keyedEventId, TooLarge, type Event } from '@hookline/domain';
import type { EventOptions } from './event-options.ts';

/** An event, ready to be appended. */
export interface ParsedEvent {
  event: Event;
  record: OutgoingRecord;
  /** It may be sent again under this id; one that was made here by chance is new for certain. */
  chosenId: boolean;
  /** Tells this event from another one under the same id. */
  bodyHash: string;
  pointerTo: PointerTo;
}

/** Where its client finds an attribute, or `data`, in the request. */
export type PointerTo = (name: string) => string;

export interface Acceptance {
  tenant: string;
  acceptedAtMs: number;
  traceparent: string | undefined;
}

/** An event as its client gave it, whatever form that had. */
export interface Draft {
  id: string | undefined;
  type: string;
  source: string;
  time: string | undefined;
  partitionKey: string | undefined;
  data: Buffer;
  /** The same, where it is text. */
  dataText?: string;
  contentType: string;
  options: EventOptions;
  /** In the client's words: a span of time is another point in time when it is sent again. */
  optionsText: string;
}

export const JSON_TYPE = 'application/json';

/** @throws TooLarge if the event with its attributes is larger than an event may be */
export function buildEvent(draft: Draft, acceptance: Acceptance, pointerTo: PointerTo): ParsedEvent {
  const { id, type, source, time, partitionKey, data, contentType, options } = draft;
  const { tenant, acceptedAtMs, traceparent } = acceptance;
  const event: Event = {
    tenant,
    id: id ?? createId('evt'),
    type,
    source,
    time: time ?? new Date(acceptedAtMs).toISOString(),
    data,
    contentType,
    acceptedAtMs,
  };
  if (partitionKey !== undefined) event.partitionKey = partitionKey;
  Object.assign(event, options);
  if (traceparent !== undefined && isTraceparent(traceparent)) event.traceparent = traceparent;
  return finish(event, id !== undefined, bodyHashOf(draft), pointerTo);
}

/** The same event under the id that an idempotency key gives it; one that its client named keeps its own. */
export function identifyByKey(parsed: ParsedEvent, key: string, requestHash: string, index: number): ParsedEvent {
  if (parsed.chosenId) return parsed;
  const id = keyedEventId(parsed.event.tenant, key, requestHash, index);
  return finish({ ...parsed.event, id }, true, parsed.bodyHash, parsed.pointerTo);
}

/** The same event with other metadata: it doesn't tell one body from another. @throws TooLarge */
export function withMetadata(parsed: ParsedEvent, metadata: Readonly<Record<string, string>>): ParsedEvent {
  return finish({ ...parsed.event, metadata }, parsed.chosenId, parsed.bodyHash, parsed.pointerTo);
}

function finish(event: Event, chosenId: boolean, bodyHash: string, pointerTo: PointerTo): ParsedEvent {
  const record = encodeEvent(event);
  checkSize(record, pointerTo);
  return { event, record, chosenId, bodyHash, pointerTo };
}

/** An event with its headers has a bound, whoever makes them: so the record is measured and not the body. */
function checkSize(record: OutgoingRecord, pointerTo: PointerTo): void {
  const sizeBytes = eventSizeBytes(record);
  if (sizeBytes <= EVENT_LIMITS.sizeBytes) return;
  throw new TooLarge(
    `The event has ${sizeBytes} bytes with its attributes; at most ${EVENT_LIMITS.sizeBytes} are taken.`,
    { problems: [{ pointer: pointerTo('data'), detail: 'too large' }] },
  );
}

function bodyHashOf({ type, source, time, partitionKey, data, dataText, contentType, optionsText }: Draft): string {
  const attributes: (string | null)[] = [type, source, time ?? null, partitionKey ?? null];
  if (contentType !== JSON_TYPE || optionsText !== '') attributes.push(contentType, optionsText);
  const head = JSON.stringify(attributes);
  if (dataText !== undefined) return shortHash(head + dataText);
  return createHash('sha256').update(head).update(data).digest('base64url').slice(0, HASH_LENGTH);
}

/** Of 132 bits of SHA-256: who wants two bodies with one hash only deceives himself. */
const HASH_LENGTH = 22;

export function shortHash(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, HASH_LENGTH);
}
