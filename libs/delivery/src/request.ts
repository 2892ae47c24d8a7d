import { SIGNATURE_HEADERS, type Event, type PayloadFormat, type Signing } from '@hookline/domain';
import { compressed, createPayload, type Encoding, type Payloads } from './payload.ts';
import type { OutgoingRequest } from './sender.ts';

/** What of a webhook goes into each of its requests, prepared once per version of it. */
export interface Destination {
  origin: string;
  path: string;
  /** Its own headers, names and values in turn, without those that are ours to set. */
  headers: readonly string[];
  signing: Signing;
  format: PayloadFormat;
  compression: Encoding | undefined;
}

export interface DestinationOptions {
  url: string;
  headers: Readonly<Record<string, string>>;
  signing: Signing;
  format?: PayloadFormat | undefined;
  compression?: Encoding | undefined;
}

/** @throws TypeError if the URL is none */
export function createDestination(options: DestinationOptions): Destination {
  const { origin, pathname, search } = new URL(options.url);
  const own = Object.entries(options.headers).filter(([name]) => !isReserved(name.toLowerCase()));
  return {
    origin,
    path: pathname + search,
    headers: own.flat(),
    signing: options.signing,
    format: options.format ?? 'event',
    compression: options.compression,
  };
}

/** Ours, or the connection's: a webhook's own headers can't replace these. */
export function isReserved(name: string): boolean {
  return name.startsWith('webhook-') || name.startsWith('ce-') || RESERVED.has(name);
}

const RESERVED = new Set<string>([
  ...SIGNATURE_HEADERS,
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

export interface RequestParts {
  destination: Destination;
  deliveryId: string;
  event: SharedEvent;
  traceparent: string | undefined;
  userAgent: string;
  nowMs: number;
  timeoutMs: number;
}

/** An event with what is sent of it. */
export interface SharedEvent extends Event {
  payloads: Payloads | null;
}

/**
 * A signed request. To be built when it is sent: receivers refuse old timestamps.
 * @throws InvalidInput if there is no key to sign with
 */
export function buildRequest(parts: RequestParts): OutgoingRequest {
  const { destination, deliveryId, event, traceparent } = parts;
  const { format, compression } = destination;
  const payload = ((event.payloads ??= {})[format] ??= createPayload(event, format));
  const timestamp = Math.floor(parts.nowMs / 1_000);
  const headers = [
    ...payload.headers,
    'user-agent',
    parts.userAgent,
    'webhook-id',
    deliveryId,
    'webhook-timestamp',
    String(timestamp),
  ];
  destination.signing.sign(headers, deliveryId, timestamp, payload.body);
  if (traceparent !== undefined) headers.push('traceparent', traceparent);
  for (const part of destination.headers) headers.push(part);
  let body: Buffer | Promise<Buffer> = payload.body;
  if (compression !== undefined) {
    const smaller = compressed(payload, compression);
    if (smaller !== null) {
      headers.push('content-encoding', compression);
      body = smaller;
    }
  }
  return { origin: destination.origin, path: destination.path, headers, body, timeoutMs: parts.timeoutMs };
}
