/** What happened, in CloudEvents 1.0 attributes. `data` is kept byte for byte. */
export interface Event {
  tenant: string;
  id: string;
  type: string;
  source: string;
  /** RFC 3339, as the client gave it, or the time of acceptance. */
  time: string;
  data: Buffer;
  /** Media type of `data`. */
  contentType: string;
  acceptedAtMs: number;
  /** CloudEvents `partitionkey`: events of one key share a partition. */
  partitionKey?: string;
  subject?: string;
  /** The producer's own words about the event, apart from its data: filters see them, receivers don't. */
  metadata?: Readonly<Record<string, string>>;
  /** Not sent before. */
  deliverAtMs?: number;
  /** Not sent after: its deliveries are `expired` then. */
  expiresAtMs?: number;
  /** Delays before retry 1, 2, ...: instead of what the webhook says. */
  retryScheduleMs?: readonly number[];
  /** Instead of what the webhook says. */
  maxRetries?: number;
  traceparent?: string;
}

/** JSON has no byte order mark, but some producers write one. */
export function withoutByteOrderMark(data: Buffer): Buffer {
  return data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? data.subarray(3) : data;
}

/** Of events of the platform's own. */
export const PLATFORM_SOURCE = 'hookline';

export const DEFAULT_TENANT = 'default';
const TENANT_ID = /^[a-z0-9][a-z0-9_-]{0,62}$/;

export function isTenantId(text: string): boolean {
  return TENANT_ID.test(text);
}

/** Limits checked before an event is acknowledged. Lengths are in characters, sizes in bytes. */
export const EVENT_LIMITS = {
  /** data and attributes together */
  sizeBytes: 1024 * 1024,
  id: 256,
  type: 256,
  source: 1024,
  partitionKey: 256,
  subject: 1024,
  metadataEntries: 64,
  metadataKey: 128,
  metadataValue: 1024,
  retries: 100,
  /** The longest delay of a retry schedule. */
  retryDelayMs: 7 * 86_400_000,
  /** How far ahead an event may be scheduled, and how long it may be wanted. */
  aheadMs: 30 * 86_400_000,
} as const;

/** W3C Trace Context, version 00. */
export function isTraceparent(text: string): boolean {
  return TRACEPARENT.test(text);
}

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

const TYPE = /^[a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)*$/;

/** Event types are dot-separated words of letters, digits, `_` and `-`, e.g. `order.created`. */
export function isEventType(type: string): boolean {
  return type.length <= EVENT_LIMITS.type && TYPE.test(type);
}
