import type { KeyObject } from 'node:crypto';
import { signature, type Event } from '@hookline/domain';
import type { OutgoingRequest } from './sender.ts';

/** What of a webhook goes into each of its requests, prepared once per version of it. */
export interface Destination {
  origin: string;
  path: string;
  /** Its own headers, names and values in turn, without those that are ours to set. */
  headers: readonly string[];
  /** Newest first. */
  keys: readonly KeyObject[];
}

/** @throws TypeError if the URL is none */
export function createDestination(
  url: string,
  headers: Readonly<Record<string, string>>,
  keys: readonly KeyObject[],
): Destination {
  const { origin, pathname, search } = new URL(url);
  const own = Object.entries(headers).filter(([name]) => !isReserved(name.toLowerCase()));
  return { origin, path: pathname + search, headers: own.flat(), keys };
}

/** Ours, or the connection's: a webhook's own headers can't replace these. */
export function isReserved(name: string): boolean {
  return name.startsWith('webhook-') || RESERVED.has(name);
}

const RESERVED = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'traceparent',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);

/**
 * The body of all requests of an event, whomever they go to: `{"id","type","source","timestamp","data"}`. The data's bytes are copied as they
 * are; data that is not JSON is there as `data_base64`, like in CloudEvents' JSON format.
 */
export function buildBody(event: Event): Buffer {
  const json = isJson(event.contentType);
  const head = Buffer.from(
    `{"id":${JSON.stringify(event.id)},"type":${JSON.stringify(event.type)},"source":${JSON.stringify(event.source)},` +
      `"timestamp":${JSON.stringify(event.time)},${json ? '"data":' : '"data_base64":"'}`,
  );
  if (json) return Buffer.concat([head, event.data.length > 0 ? event.data : NULL, END]);
  return Buffer.concat([head, Buffer.from(`${event.data.toString('base64')}"}`, 'latin1')]);
}

const NULL = Buffer.from('null');
const END = Buffer.from('}');

function isJson(contentType: string): boolean {
  return contentType === 'application/json' || /^[^;]*[/+]json\s*(;|$)/i.test(contentType);
}

export interface RequestParts {
  destination: Destination;
  deliveryId: string;
  body: Buffer;
  traceparent: string | undefined;
  userAgent: string;
  nowMs: number;
  timeoutMs: number;
}

/** A signed request by Standard Webhooks. To be built when it is sent: receivers refuse old timestamps. */
export function buildRequest(parts: RequestParts): OutgoingRequest {
  const { destination, deliveryId, body, traceparent, nowMs } = parts;
  const timestamp = Math.floor(nowMs / 1_000);
  const headers = [
    'content-type',
    'application/json',
    'user-agent',
    parts.userAgent,
    'webhook-id',
    deliveryId,
    'webhook-timestamp',
    String(timestamp),
    'webhook-signature',
    signature(destination.keys, deliveryId, timestamp, [body]),
  ];
  if (traceparent !== undefined) headers.push('traceparent', traceparent);
  for (const part of destination.headers) headers.push(part);
  return { origin: destination.origin, path: destination.path, headers, body, timeoutMs: parts.timeoutMs };
}
