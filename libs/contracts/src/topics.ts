/**
 * Every topic, in one place: `npm run prepare-stores` makes them, and a service whose topics differ refuses to start.
 * The number of partitions of a keyed topic never changes: a key must stay where it is.
 */
export interface Topic {
  name: string;
  partitions: number;
  cleanup: 'delete' | 'compact';
  retentionMs: number;
  maxBytes: number;
}

const DAY_MS = 86_400_000;
/** The largest record of any topic. */
export const MAX_BYTES = 4 * 1024 * 1024;
const PARTITIONS = 12;

export const TOPIC = {
  /** What happened: CloudEvents in the Kafka protocol binding. */
  events: 'webhook.events',
  /** One record per HTTP request made, and one whenever a delivery's state changes without one. */
  attempts: 'webhook.attempts',
  /** Compacted, keyed by delivery: the retry to come, or a tombstone. Only the dispatcher writes it. */
  retries: 'webhook.retries',
  /** Due retries and commands, keyed and partitioned like `retries`. */
  deliveries: 'webhook.deliveries',
  /** Dead deliveries with their payload. */
  deadLetters: 'webhook.dead-letters',
  /** Compacted, keyed by webhook: the registry's committed changes in revision order. */
  changes: 'webhook.changes',
  /** Compacted, keyed by tenant and type: what is asked of events when they are accepted. */
  eventTypes: 'webhook.event-types',
  /** Events and deliveries that are not to be sent any more: every dispatcher reads all of them. */
  cancellations: 'webhook.cancellations',
  /** How the dispatchers' requests to webhooks go. */
  health: 'webhook.health',
  /** What a consumer could not read. */
  rejected: 'webhook.rejected',
} as const;

export const TOPICS: readonly Topic[] = [
  { name: TOPIC.events, partitions: PARTITIONS, cleanup: 'delete', retentionMs: 7 * DAY_MS, maxBytes: MAX_BYTES },
  { name: TOPIC.attempts, partitions: PARTITIONS, cleanup: 'delete', retentionMs: 7 * DAY_MS, maxBytes: MAX_BYTES },
  { name: TOPIC.retries, partitions: PARTITIONS, cleanup: 'compact', retentionMs: 7 * DAY_MS, maxBytes: MAX_BYTES },
  { name: TOPIC.deliveries, partitions: PARTITIONS, cleanup: 'delete', retentionMs: 7 * DAY_MS, maxBytes: MAX_BYTES },
  { name: TOPIC.deadLetters, partitions: PARTITIONS, cleanup: 'delete', retentionMs: 30 * DAY_MS, maxBytes: MAX_BYTES },
  { name: TOPIC.changes, partitions: 1, cleanup: 'compact', retentionMs: 7 * DAY_MS, maxBytes: MAX_BYTES },
  { name: TOPIC.eventTypes, partitions: 1, cleanup: 'compact', retentionMs: 7 * DAY_MS, maxBytes: MAX_BYTES },
  { name: TOPIC.cancellations, partitions: 1, cleanup: 'delete', retentionMs: 7 * DAY_MS, maxBytes: MAX_BYTES },
  { name: TOPIC.health, partitions: 1, cleanup: 'delete', retentionMs: 7 * DAY_MS, maxBytes: MAX_BYTES },
  { name: TOPIC.rejected, partitions: 1, cleanup: 'delete', retentionMs: 30 * DAY_MS, maxBytes: MAX_BYTES },
];

/** Who reads with committed offsets. */
export const GROUP = {
  dispatcher: 'hookline.dispatcher',
  retryManager: 'hookline.retry-manager',
  observability: 'hookline.observability',
  registry: 'hookline.registry',
  rejectedReplay: 'hookline.rejected-replay',
} as const;
