import {
  SIGNATURE_HEADERS,
  type Event,
  type PayloadFormat,
  type Signing,
  type WebhookCredentials,
} from '@hookline/domain';
import { fixedAuthorization } from './authorization.ts';
import { compressed, createPayload, type Encoding, type Payloads } from './payload.ts';
import type { OutgoingRequest } from './sender.ts';
import { createTlsIdentity, type TlsIdentity } from './tls-identity.ts';
import { createOauthClient, type OauthClient } from './tokens.ts';

/** What of a webhook goes into each of its requests, prepared once per version of it. */
export interface Destination {
  origin: string;
  path: string;
  /** Its own headers, names and values in turn, without those that are ours to set. */
  headers: readonly string[];
  signing: Signing;
  format: PayloadFormat;
  compression: Encoding | undefined;
  tls: TlsIdentity | undefined;
  oauth: OauthClient | undefined;
}

export interface DestinationOptions {
  url: string;
  headers: Readonly<Record<string, string>>;
  signing: Signing;
  format?: PayloadFormat | undefined;
  compression?: Encoding | undefined;
  caBundle?: string | undefined;
  /** Who asks, for a receiver that consented by CloudEvents' handshake. */
  requestOrigin?: string | undefined;
  credentials?: Pick<WebhookCredentials, 'authorization' | 'clientCertificate'>;
}

/** @throws TypeError if a URL is none */
export function createDestination(options: DestinationOptions): Destination {
  const { origin, pathname, search } = new URL(options.url);
  const { headers, caBundle, requestOrigin, credentials = {} } = options;
  const { authorization, clientCertificate } = credentials;
  const own = Object.entries(headers).filter(([name]) => !isReserved(name.toLowerCase()));
  // The one that is typed and sealed by itself goes before one among the headers.
  const others = authorization === undefined ? own : own.filter(([name]) => name.toLowerCase() !== 'authorization');
  const fixed = fixedAuthorization(authorization);
  return {
    origin,
    path: pathname + search,
    headers: [
      ...others.flat(),
      ...(fixed === null ? [] : ['authorization', fixed]),
      ...(requestOrigin === undefined ? [] : ['webhook-request-origin', requestOrigin]),
    ],
    signing: options.signing,
    format: options.format ?? 'event',
    compression: options.compression,
    tls: createTlsIdentity(caBundle, clientCertificate),
    oauth: authorization?.type === 'oauth2' ? createOauthClient(authorization, caBundle) : undefined,
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
  const { origin, path, tls, oauth } = destination;
  return { origin, path, headers, body, timeoutMs: parts.timeoutMs, tls, oauth };
}
