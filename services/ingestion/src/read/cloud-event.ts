import type { IncomingHttpHeaders } from 'node:http';
import { memberSlice } from '@hookline/contracts';
import { EVENT_LIMITS } from '@hookline/domain';
import { buildEvent, JSON_TYPE, type Acceptance, type Draft, type ParsedEvent, type PointerTo } from './build-event.ts';
import {
  readDeliverAt,
  readExpiryTime,
  readMaxRetries,
  readMetadata,
  readRetrySchedule,
  type EventOptions,
} from './event-options.ts';
import { MISSING, textProblem, timeProblem, typeProblem } from './fields.ts';
import { parseJson, requireObject } from './json-body.ts';
import { createProblems, pointerBelow, type Problems } from './problems.ts';

/*
 * CloudEvents 1.0 over HTTP: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 * Extension attributes that we give no meaning become the event's metadata.
 */

type Data = Pick<Draft, 'data' | 'dataText' | 'contentType'>;

/** What has a place of its own in an event, or a meaning. */
const KNOWN: ReadonlySet<string> = new Set([
  'specversion',
  'id',
  'type',
  'source',
  'time',
  'subject',
  'partitionkey',
  'datacontenttype',
  'traceparent',
  'expirytime',
  'deliverat',
  'retryschedule',
  'maxretries',
]);
const DATA: ReadonlySet<string> = new Set(['data', 'data_base64']);
/** What binary mode has instead of headers `ce-*`. */
const ELSEWHERE: ReadonlyMap<string, { what: string; pointer: string }> = new Map([
  ['datacontenttype', { what: 'the header content-type', pointer: 'content-type' }],
  ['data', { what: 'the body', pointer: '' }],
]);
const NAME = /^[a-z0-9]{1,64}$/;
const MAX_CONTENT_TYPE = 256;

/** Structured mode. */
export function parseStructuredEvent(body: Buffer, acceptance: Acceptance): ParsedEvent {
  const { text, value } = parseJson(body);
  return readStructuredEvent(requireObject(value, ''), memberSlice(text, 'data'), acceptance, '');
}

/**
 * @param dataText the member `data` as it stands in the text
 * @param pointer where the event is in the body
 */
export function readStructuredEvent(
  members: Record<string, unknown>,
  dataText: string | undefined,
  acceptance: Acceptance,
  pointer: string,
): ParsedEvent {
  const pointerTo = pointerBelow(pointer);
  const problems = createProblems(pointerTo);
  const attributes = new Map<string, string>();
  for (const [name, member] of Object.entries(members)) {
    if (DATA.has(name)) continue;
    if (!NAME.test(name)) problems.note(name, 'attributes have names of lower-case letters and digits');
    else if (typeof member === 'string') attributes.set(name, member);
    else if (typeof member === 'boolean' || Number.isInteger(member)) attributes.set(name, String(member));
    // CloudEvents' JSON format: null is as good as absent.
    else if (member !== null) problems.note(name, 'must be a string, a whole number or true or false');
  }
  const data = readData(members, dataText, attributes.get('datacontenttype') ?? JSON_TYPE, problems);
  return build(attributes, data, acceptance, problems, pointerTo);
}

/** Binary mode: attributes in headers `ce-*`, the body is the data. */
export function readBinaryEvent(headers: IncomingHttpHeaders, body: Buffer, acceptance: Acceptance): ParsedEvent {
  const pointerTo = (name: string) => ELSEWHERE.get(name)?.pointer ?? `ce-${name.slice(0, 100)}`;
  const problems = createProblems(pointerTo);
  const attributes = new Map<string, string>();
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith('ce-') || typeof value !== 'string') continue;
    const name = header.slice('ce-'.length);
    const text = decodeHeader(value);
    const elsewhere = ELSEWHERE.get(name);
    if (!NAME.test(name)) problems.note(name, 'attributes have names of letters and digits');
    else if (elsewhere !== undefined) problems.note(name, `stands in ${elsewhere.what} in binary mode`);
    else if (text === null) problems.note(name, 'must be ASCII, with everything else percent-encoded as UTF-8');
    else attributes.set(name, text);
  }
  const data = readBody(body, headers['content-type']);
  return build(attributes, data, acceptance, problems, pointerTo);
}

function build(
  attributes: ReadonlyMap<string, string>,
  data: Data,
  acceptance: Acceptance,
  problems: Problems,
  pointerTo: PointerTo,
): ParsedEvent {
  const id = attributes.get('id');
  const type = attributes.get('type');
  const source = attributes.get('source');
  const time = attributes.get('time');
  const partitionKey = attributes.get('partitionkey');
  if (attributes.get('specversion') !== '1.0') problems.note('specversion', 'must be 1.0');
  problems.note('id', id === undefined ? MISSING : textProblem(id, EVENT_LIMITS.id));
  problems.note('type', typeProblem(type));
  problems.note('source', source === undefined ? MISSING : textProblem(source, EVENT_LIMITS.source));
  if (time !== undefined) problems.note('time', timeProblem(time));
  if (partitionKey !== undefined) problems.note('partitionkey', textProblem(partitionKey, EVENT_LIMITS.partitionKey));
  problems.note('datacontenttype', textProblem(data.contentType, MAX_CONTENT_TYPE));
  if (attributes.has('tenant')) problems.note('tenant', 'the tenant comes from the token and cannot be sent');
  const options = readOptions(attributes, acceptance.acceptedAtMs, problems);
  problems.throwIfAny();
  const draft: Draft = {
    id,
    type: type!,
    source: source!,
    time,
    partitionKey,
    ...data,
    options,
    optionsText: optionsTextOf(attributes),
  };
  const traceparent = acceptance.traceparent ?? attributes.get('traceparent');
  return buildEvent(draft, { ...acceptance, traceparent }, pointerTo);
}

function readOptions(attributes: ReadonlyMap<string, string>, acceptedAtMs: number, problems: Problems): EventOptions {
  const options: EventOptions = {};
  const subject = attributes.get('subject');
  const expiry = attributes.get('expirytime');
  const deliverAt = attributes.get('deliverat');
  const schedule = attributes.get('retryschedule');
  const retries = attributes.get('maxretries');
  const extensions = [...attributes].filter(([name]) => !KNOWN.has(name));

  /** What is wrong doesn't get past the problems. */
  function taken<Value>(name: string, read: Value | string): Value {
    if (typeof read === 'string') problems.note(name, read);
    return read as Value;
  }

  if (subject !== undefined) {
    problems.note('subject', textProblem(subject, EVENT_LIMITS.subject));
    options.subject = subject;
  }
  if (expiry !== undefined) options.expiresAtMs = taken('expirytime', readExpiryTime(expiry, acceptedAtMs));
  if (deliverAt !== undefined) options.deliverAtMs = taken('deliverat', readDeliverAt(deliverAt, acceptedAtMs));
  if (schedule !== undefined) {
    options.retryScheduleMs = taken('retryschedule', readRetrySchedule(schedule.split(',')));
  }
  if (retries !== undefined) {
    options.maxRetries = taken('maxretries', readMaxRetries(/^\d{1,3}$/.test(retries) ? Number(retries) : null));
  }
  if (extensions.length > 0) {
    options.metadata = taken(extensions[0]![0], readMetadata(Object.fromEntries(extensions)));
  }
  return options;
}

const IN_THE_EVENT: ReadonlySet<string> = new Set(['specversion', 'id', 'type', 'source', 'time', 'partitionkey']);
/** How an event is traced says nothing of what happened. */
const NOT_SAID = new Set([...IN_THE_EVENT, 'datacontenttype', 'traceparent', 'tracestate']);

function optionsTextOf(attributes: ReadonlyMap<string, string>): string {
  const said = [...attributes].filter(([name]) => !NOT_SAID.has(name));
  return said.length === 0 ? '' : JSON.stringify(said.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** In structured mode the data is `data`, byte for byte where it is JSON, or `data_base64`. */
function readData(
  members: Record<string, unknown>,
  dataText: string | undefined,
  contentType: string,
  problems: Problems,
): Data {
  const { data, data_base64: base64 } = members;
  const isJson = isJsonType(contentType);
  if (base64 !== undefined) {
    if (data !== undefined) problems.note('data', 'cannot be sent together with data_base64');
    if (typeof base64 !== 'string' || !BASE64.test(base64)) {
      problems.note('data_base64', 'must be base64');
      return { data: NOTHING, contentType };
    }
    const bytes = Buffer.from(base64, 'base64');
    return isJson ? jsonData(bytes, contentType) : { data: bytes, contentType };
  }
  if (isJson) return dataText === undefined ? { data: NULL, contentType } : jsonText(dataText, contentType);
  if (typeof data === 'string') return { data: Buffer.from(data, 'utf8'), contentType };
  if (data !== undefined) problems.note('data', 'must be a string, since datacontenttype is not JSON');
  return { data: NOTHING, contentType };
}

function readBody(body: Buffer, contentType: string | undefined): Data {
  const mediaType = contentType ?? (body.length === 0 ? JSON_TYPE : 'application/octet-stream');
  if (!isJsonType(mediaType)) return { data: body, contentType: mediaType };
  return body.length === 0 ? { data: NULL, contentType: mediaType } : jsonData(body, mediaType);
}

/** Receivers get it within JSON, so what is said to be JSON must be. @throws InvalidInput */
function jsonData(data: Buffer, contentType: string): Data {
  return { data, dataText: parseJson(data).text, contentType };
}

function jsonText(dataText: string, contentType: string): Data {
  return { data: Buffer.from(dataText, 'utf8'), dataText, contentType };
}

const NOTHING = Buffer.alloc(0);
const NULL = Buffer.from('null');
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function isJsonType(contentType: string): boolean {
  return contentType === JSON_TYPE || /^[^;]*[/+]json\s*(;|$)/i.test(contentType);
}

/** The binding's header values: percent-encoded, perhaps in double quotes. Null if it isn't that. */
function decodeHeader(value: string): string | null {
  if (!/^[\x20-\x7e]*$/.test(value)) return null;
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(value)?.[1];
  const plain = quoted === undefined ? value : quoted.replace(/\\(.)/g, '$1');
  if (!plain.includes('%')) return plain;
  try {
    return decodeURIComponent(plain);
  } catch {
    return null;
  }
}
