import { promisify } from 'node:util';
import { gzip, gzipSync, zstdCompress, zstdCompressSync } from 'node:zlib';
import { withoutByteOrderMark, type DeliverySettings, type Event, type PayloadFormat } from '@hookline/domain';

/** What is sent of an event in one format: made once, for all of its deliveries in that format. */
export interface Payload {
  readonly body: Buffer;
  /** What the body alone does not say, its media type first; names and values in turn. */
  readonly headers: readonly string[];
  /** As far as somebody wanted them. */
  readonly compressed: Partial<Record<Encoding, Buffer | Promise<Buffer>>>;
}

export type Encoding = NonNullable<DeliverySettings['compression']>;

/** An event's payloads, as far as somebody wanted them. */
export type Payloads = Partial<Record<PayloadFormat, Payload>>;

export function createPayload(event: Event, format: PayloadFormat): Payload {
  return { ...FORMATS[format](event), compressed: {} };
}

type Content = Pick<Payload, 'body' | 'headers'>;

const FORMATS: Record<PayloadFormat, (event: Event) => Content> = {
  event: (event) => ({ body: eventBody(event), headers: EVENT_HEADERS }),
  data: (event) => ({ body: event.data, headers: dataHeaders(event) }),
  cloudevent: (event) => ({ body: cloudEventBody(event), headers: CLOUDEVENT_HEADERS }),
};

const EVENT_HEADERS = ['content-type', 'application/json'];
const CLOUDEVENT_HEADERS = ['content-type', 'application/cloudevents+json'];

/**
 * `{"id","type","source","timestamp","data"}`. The data's bytes are copied as they are, without a byte order mark, which would make no JSON of the whole; data
 * that is not JSON is there as `data_base64`, like in CloudEvents' JSON format.
 */
function eventBody(event: Event): Buffer {
  const { id, type, source, time: timestamp } = event;
  return jsonWithData({ id, type, source, timestamp }, event, NULL);
}

/** A CloudEvent in structured mode (JSON format 1.0). */
function cloudEventBody(event: Event): Buffer {
  const { id, type, source, time, subject, partitionKey: partitionkey, contentType: datacontenttype } = event;
  const attributes = { specversion: '1.0', id, type, source, time, subject, partitionkey, datacontenttype };
  return jsonWithData(attributes, event, null);
}

/** @param none stands for data that is empty; null: it is left out */
function jsonWithData(members: object, { contentType, data }: Event, none: Buffer | null): Buffer {
  const text = JSON.stringify(members).slice(0, -1);
  if (!isJson(contentType)) return Buffer.from(`${text},"data_base64":"${data.toString('base64')}"}`);
  const json = withoutByteOrderMark(data);
  if (json.length === 0 && none === null) return Buffer.from(`${text}}`);
  return Buffer.concat([Buffer.from(`${text},"data":`), json.length > 0 ? json : (none as Buffer), END]);
}

const NULL = Buffer.from('null');
const END = Buffer.from('}');

function isJson(contentType: string): boolean {
  return contentType === 'application/json' || /^[^;]*[/+]json\s*(;|$)/i.test(contentType);
}

/** The bare data, so the event's attributes are headers: a CloudEvent in binary mode (HTTP binding 1.0). */
function dataHeaders({ contentType, id, type, source, time, subject, partitionKey }: Event): string[] {
  const headers = ['content-type', PRINTABLE.test(contentType) ? contentType : 'application/octet-stream'];
  headers.push('ce-specversion', '1.0', 'ce-id', headerText(id), 'ce-type', type);
  headers.push('ce-source', headerText(source), 'ce-time', headerText(time));
  if (subject !== undefined) headers.push('ce-subject', headerText(subject));
  if (partitionKey !== undefined) headers.push('ce-partitionkey', headerText(partitionKey));
  return headers;
}

const PRINTABLE = /^[\x20-\x7e]+$/;

/** What is not printable ASCII, and space, `"` and `%`, as UTF-8 in percents (HTTP binding, 3.1.3.2). */
function headerText(text: string): string {
  return text.toWellFormed().replace(/[^\x21\x23\x24\x26-\x7e]+/g, encodeURIComponent);
}

/** Smaller bodies are not worth it. */
export const COMPRESSED_ABOVE_BYTES = 1024;

/** Larger ones are compressed by libuv's threads; up to this it costs less than handing them over (gzip: a quarter of a millisecond). */
const COMPRESSED_HERE_BYTES = 64 * 1024;

/** The body in an encoding, made once; null: it is too small for that. */
export function compressed(payload: Payload, encoding: Encoding): Buffer | Promise<Buffer> | null {
  if (payload.body.length <= COMPRESSED_ABOVE_BYTES) return null;
  return (payload.compressed[encoding] ??= CODECS[encoding](payload.body));
}

const gzipAside = promisify(gzip);
const zstdAside = promisify(zstdCompress);

const CODECS: Record<Encoding, (body: Buffer) => Buffer | Promise<Buffer>> = {
  gzip: (body) => (body.length <= COMPRESSED_HERE_BYTES ? gzipSync(body) : gzipAside(body)),
  zstd: (body) => (body.length <= COMPRESSED_HERE_BYTES ? zstdCompressSync(body) : zstdAside(body)),
};
