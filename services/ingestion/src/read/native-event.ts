import { memberSlice } from '@hookline/contracts';
import { EVENT_LIMITS } from '@hookline/domain';
import { buildEvent, JSON_TYPE, type Acceptance, type ParsedEvent } from './build-event.ts';
import {
  readDeliverAt,
  readMaxRetries,
  readMetadata,
  readRetrySchedule,
  readTtl,
  type EventOptions,
} from './event-options.ts';
import { MISSING, textProblem, timeProblem, typeProblem } from './fields.ts';
import { parseJson, requireObject } from './json-body.ts';
import { createProblems, pointerBelow, type Problems } from './problems.ts';

/** What a body may hold beyond the event itself: space, escapes and the names of the members. */
export const MAX_BODY_BYTES = EVENT_LIMITS.sizeBytes + 64 * 1024;

const OPTIONS = ['subject', 'metadata', 'deliver_at', 'ttl', 'retry_schedule', 'max_retries'] as const;
const FIELDS: ReadonlySet<string> = new Set(['id', 'type', 'source', 'data', 'time', 'partitionkey', ...OPTIONS]);

/**
 * One event in our own form.
 * @throws InvalidInput naming every field at fault
 * @throws TooLarge if the event with its attributes is larger than an event may be
 */
export function parseEvent(body: Buffer, acceptance: Acceptance): ParsedEvent {
  const { text, value } = parseJson(body);
  return readNativeEvent(requireObject(value, ''), memberSlice(text, 'data'), acceptance, '');
}

/**
 * @param data as it stands in the text, since numbers, the order of names and escapes stay as the client wrote them
 * @param pointer where the event is in the body
 */
export function readNativeEvent(
  members: Record<string, unknown>,
  data: string | undefined,
  acceptance: Acceptance,
  pointer: string,
): ParsedEvent {
  const pointerTo = pointerBelow(pointer);
  const problems = createProblems(pointerTo);
  checkFields(members, problems);
  const options = readOptions(members, acceptance.acceptedAtMs, problems);
  problems.throwIfAny();
  const { id, type, source, time, partitionkey } = members as Record<string, string | undefined>;
  const dataText = data ?? 'null';
  return buildEvent(
    {
      id,
      type: type as string,
      source: source as string,
      time,
      partitionKey: partitionkey,
      data: Buffer.from(dataText, 'utf8'),
      dataText,
      contentType: JSON_TYPE,
      options,
      optionsText: options === NONE ? '' : JSON.stringify(OPTIONS.map((name) => members[name] ?? null)),
    },
    acceptance,
    pointerTo,
  );
}

function checkFields(members: Record<string, unknown>, problems: Problems): void {
  for (const name of Object.keys(members)) {
    if (FIELDS.has(name)) continue;
    if (name === 'tenant') problems.note(name, 'the tenant comes from the token and cannot be sent');
    else problems.note(name, `unknown field; known are ${[...FIELDS].join(', ')}`);
  }
  const { id, source, time, partitionkey, type } = members;
  if (id !== undefined) problems.note('id', textProblem(id, EVENT_LIMITS.id));
  problems.note('type', typeProblem(type));
  problems.note('source', source === undefined ? MISSING : textProblem(source, EVENT_LIMITS.source));
  if (time !== undefined) problems.note('time', timeProblem(time));
  if (partitionkey !== undefined) {
    problems.note('partitionkey', textProblem(partitionkey, EVENT_LIMITS.partitionKey));
  }
}

/** Most events say nothing of their delivery. */
const NONE: EventOptions = {};

function readOptions(members: Record<string, unknown>, acceptedAtMs: number, problems: Problems): EventOptions {
  if (OPTIONS.every((name) => members[name] === undefined)) return NONE;
  const options: EventOptions = {};
  const { subject, metadata, deliver_at: deliverAt, ttl, retry_schedule: schedule, max_retries: retries } = members;

  /** What is wrong doesn't get past the problems. */
  function taken<Value>(name: string, read: Value | string): Value {
    if (typeof read === 'string') problems.note(name, read);
    return read as Value;
  }

  if (subject !== undefined) {
    problems.note('subject', textProblem(subject, EVENT_LIMITS.subject));
    options.subject = subject as string;
  }
  if (metadata !== undefined) options.metadata = taken('metadata', readMetadata(metadata));
  if (deliverAt !== undefined) options.deliverAtMs = taken('deliver_at', readDeliverAt(deliverAt, acceptedAtMs));
  if (ttl !== undefined) options.expiresAtMs = taken('ttl', readTtl(ttl, acceptedAtMs, options.deliverAtMs));
  if (schedule !== undefined) options.retryScheduleMs = taken('retry_schedule', readRetrySchedule(schedule));
  if (retries !== undefined) options.maxRetries = taken('max_retries', readMaxRetries(retries));
  return options;
}
