import type { FilterCondition } from './filter.ts';
import type { PolicyName } from './policy.ts';

/** A registered receiver. */
export interface Webhook {
  id: string;
  tenant: string;
  /** Absolute, http or https. */
  url: string;
  eventTypes: string[];
  /** Sent with every request; names in lower case. */
  headers: Record<string, string>;
  /** Newest first; a request carries one signature for each. */
  secrets: string[];
  status: WebhookStatus;
  /** Why it is disabled, e.g. `gone` after a 410. */
  disabledReason: string | null;
  policy: PolicyName;
  delivery: DeliverySettings;
  description: string | null;
  createdAtMs: number;
  updatedAtMs: number;
  /** Order of changes over all webhooks; a higher one is newer. */
  revision: number;
}

/** `paused` keeps its deliveries until it is resumed (bounded by their age); `disabled` makes them dead letters and matches nothing. */
export const WEBHOOK_STATUSES = ['enabled', 'paused', 'disabled'] as const;
export type WebhookStatus = (typeof WEBHOOK_STATUSES)[number];

/**
 * How a webhook wants its deliveries, beyond where to: as it is stored and travels in `webhook.changes` (JSON; no secrets). A member that is absent
 * has its default. Checked by the registry; readers ignore members that they don't know.
 */
export interface DeliverySettings {
  /** Only events that it is true of are delivered. */
  filter?: FilterCondition;
  /** Delays before retry 1, 2, ...: instead of the policy's. */
  retryScheduleMs?: number[];
  /** Instead of the policy's number. */
  maxRetries?: number;
  /** A delivery is dead this long after its first attempt, whatever it waits for. */
  maxAgeMs?: number;
  /** An event that was accepted (or was to be delivered) longer ago than this is not sent any more: the delivery is `expired`. */
  ttlMs?: number;
  /** Of one attempt. */
  timeoutMs?: number;
  /** At most `limit` requests within any `windowMs`, over all dispatchers. */
  rateLimit?: { limit: number; windowMs: number };
  /** At most so many requests under way at once (in one dispatcher); the limit tunes itself below that. */
  maxInFlight?: number;
  /** Deliveries of one key go out one after the other, in the log's order. Absent: no order. */
  orderBy?: OrderingKey;
  payload?: PayloadFormat;
  /** Of request bodies above 1 KiB; the signature is over the uncompressed body. */
  compression?: (typeof COMPRESSIONS)[number];
  /** Absent: `['standard']`. */
  signatures?: SignatureProfile[];
  /** A DNS name: the receiver has consented to requests from there (CloudEvents' handshake), and each says so. */
  requestOrigin?: string;
  /** PEM certificates that are trusted in place of the system's. */
  caBundle?: string;
}

/** What makes a key: the event's partition key, subject or source, or `webhook`: one key, so strictly in order. */
export const ORDERING_KEYS = ['partitionkey', 'subject', 'source', 'webhook'] as const;
export type OrderingKey = (typeof ORDERING_KEYS)[number];

/** `event`: `{"id","type","source","timestamp","data"}`; `data`: the bare data; `cloudevent`: a CloudEvent in structured mode. */
export const PAYLOAD_FORMATS = ['event', 'data', 'cloudevent'] as const;
export type PayloadFormat = (typeof PAYLOAD_FORMATS)[number];

export const COMPRESSIONS = ['gzip', 'zstd'] as const;

/**
 * `standard`: Standard Webhooks' `v1` (HMAC-SHA256); `ed25519`: its `v1a`; `github`: `X-Hub-Signature-256`; `stripe`: `Stripe-Signature` with `t=,v1=`.
 */
export const SIGNATURE_PROFILES = ['standard', 'ed25519', 'github', 'stripe'] as const;
export type SignatureProfile = (typeof SIGNATURE_PROFILES)[number];

/** What proves to a receiver who is asking; sealed wherever it is stored. */
export interface WebhookCredentials {
  authorization?:
    | { type: 'basic'; username: string; password: string }
    | { type: 'bearer'; token: string }
    | { type: 'oauth2'; tokenUrl: string; clientId: string; clientSecret: string; scope?: string };
  /** For mutual TLS; PEM. */
  clientCertificate?: { certificate: string; privateKey: string };
  /** Sign `v1a`; base64 of the 32-byte seed and the 32-byte public key, behind `whsk_`. Newest first. */
  signingKeys?: (string | ExpiringSecret)[];
}

/**
 * A secret or signing key as it is stored and travels, always sealed, in lists, newest first: the text alone, or with the time after which it signs no
 * more because a newer one has taken its place. The newest always signs.
 */
export interface ExpiringSecret {
  secret: string;
  expiresAtMs?: number;
}
