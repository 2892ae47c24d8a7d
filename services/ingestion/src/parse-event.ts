import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { encodeEvent, eventSizeBytes, memberSlices, type OutgoingRecord } from '@hookline/contracts';
import {
  createId,
  EVENT_LIMITS,
  InvalidInput,
  isEventType,
  isTraceparent,
  TooLarge,
  type Event,
  type Problem,
} from '@hookline/domain';
import { jsonErrorAt } from '@hookline/service-kit';
import { isRfc3339 } from './rfc3339.ts';

/** What a request's body came to: the event, ready to be appended. */
export interface ParsedEvent {
  event: Event;
  record: OutgoingRecord;
  /** The client chose the id, so it may send it again; one that was made here is new for certain. */
  chosenId: boolean;
  /** Tells this event from another one under the same id. */
  bodyHash: string;
}

export interface Acceptance {
  tenant: string;
  acceptedAtMs: number;
  traceparent: string | undefined;
}

/** What a body may hold beyond the event itself: space, escapes and the names of the members. */
export const MAX_BODY_BYTES = EVENT_LIMITS.sizeBytes + 64 * 1024;

const CONTENT_TYPE = 'application/json';
const FIELDS = new Set(['id', 'type', 'source', 'data', 'time', 'partitionkey']);

/** So many problems are named at most: a body of a million unknown fields gets no answer of that size. */
const MAX_PROBLEMS = 20;

/**
 * @throws InvalidInput naming every field at fault
 * @throws TooLarge if the event with its attributes is larger than an event may be
 */
export function parseEvent(body: Buffer, { tenant, acceptedAtMs, traceparent }: Acceptance): ParsedEvent {
  const text = decodeText(body);
  const members = parseObject(text);
  checkFields(members);
  const { id, type, source, time, partitionkey } = members as Record<string, string | undefined>;
  // The text and not the parsed value: numbers, the order of names and escapes stay as the client wrote them.
  const data = memberSlices(text).get('data') ?? 'null';
  const event: Event = {
    tenant,
    id: id ?? createId('evt'),
    type: type as string,
    source: source as string,
    time: time ?? new Date(acceptedAtMs).toISOString(),
    data: Buffer.from(data, 'utf8'),
    contentType: CONTENT_TYPE,
    acceptedAtMs,
  };
  if (partitionkey !== undefined) event.partitionKey = partitionkey;
  if (traceparent !== undefined && isTraceparent(traceparent)) event.traceparent = traceparent;
  const record = encodeEvent(event);
  checkSize(record);
  const attributes = JSON.stringify([type, source, time ?? null, partitionkey ?? null]);
  return { event, record, chosenId: id !== undefined, bodyHash: shortHash(attributes + data) };
}

function decodeText(body: Buffer): string {
  if (!isUtf8(body)) throw invalid('', 'The body must be JSON in UTF-8.', 'must be UTF-8');
  return body.toString('utf8');
}

function parseObject(text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    const at = jsonErrorAt(text) ?? 0;
    const where = at === text.length ? `ends too early, at position ${at}` : `stops being JSON at position ${at}`;
    throw new InvalidInput(`The body ${where}.`, { code: 'invalid_json', problems: [{ pointer: '', detail: where }] });
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw invalid('', 'The body must be one JSON object.', 'must be an object');
}

function checkFields(members: Record<string, unknown>): void {
  const problems: Problem[] = [];
  const note = (name: string, detail: string | null) => {
    if (detail !== null && problems.length < MAX_PROBLEMS) problems.push({ pointer: pointerTo(name), detail });
  };
  for (const name of Object.keys(members)) {
    if (name === 'tenant') note(name, 'the tenant comes from the token and cannot be sent');
    else if (!FIELDS.has(name)) note(name, `unknown field; known are ${[...FIELDS].join(', ')}`);
  }
  const own = (name: string) => (Object.hasOwn(members, name) ? members[name] : undefined);
  note('id', own('id') === undefined ? null : textProblem(own('id'), EVENT_LIMITS.id));
  note('type', typeProblem(own('type')));
  note('source', own('source') === undefined ? MISSING : textProblem(own('source'), EVENT_LIMITS.source));
  note('time', timeProblem(own('time')));
  note(
    'partitionkey',
    own('partitionkey') === undefined ? null : textProblem(own('partitionkey'), EVENT_LIMITS.partitionKey),
  );
  if (problems.length === 0) return;
  const names = problems.map(({ pointer }) => pointer.slice(1)).join(', ');
  throw new InvalidInput(`The event is not valid: ${names}.`, { problems });
}

const MISSING = 'is required';
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/; // eslint-disable-line no-control-regex

function textProblem(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string') return 'must be a string';
  if (value.length === 0) return 'must not be empty';
  if (value.length > maxLength) return `must have at most ${maxLength} characters`;
  if (CONTROL.test(value)) return 'must not hold control characters';
  return value.isWellFormed() ? null : 'must not hold half of a surrogate pair';
}

function typeProblem(value: unknown): string | null {
  if (value === undefined) return MISSING;
  if (typeof value !== 'string') return 'must be a string';
  if (value.length > EVENT_LIMITS.type) return `must have at most ${EVENT_LIMITS.type} characters`;
  return isEventType(value) ? null : 'must be words of letters, digits, _ and - with dots between, e.g. order.created';
}

function timeProblem(value: unknown): string | null {
  if (value === undefined) return null;
  if (typeof value !== 'string') return 'must be a string';
  return isRfc3339(value) ? null : 'must be an RFC 3339 time, e.g. 2026-11-22T10:15:00Z';
}

/** An event with its headers has a bound, whoever makes them: so the record is measured and not the body. */
function checkSize(record: OutgoingRecord): void {
  const sizeBytes = eventSizeBytes(record);
  if (sizeBytes <= EVENT_LIMITS.sizeBytes) return;
  throw new TooLarge(
    `The event has ${sizeBytes} bytes with its attributes; at most ${EVENT_LIMITS.sizeBytes} are taken.`,
    { problems: [{ pointer: '/data', detail: 'too large' }] },
  );
}

/** 132 bits of SHA-256: who wants two bodies with one hash only deceives himself. */
function shortHash(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}

/** RFC 6901. */
function pointerTo(name: string): string {
  return `/${name.slice(0, 100).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function invalid(pointer: string, message: string, detail: string): InvalidInput {
  return new InvalidInput(message, { problems: [{ pointer, detail }] });
}
