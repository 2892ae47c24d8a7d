import {
  isPolicyName,
  WEBHOOK_STATUSES,
  type DeliverySettings,
  type PolicyName,
  type WebhookStatus,
} from '@hookline/domain';
import { TOPIC } from '../topics.ts';
import {
  integerHeader,
  RECORD_VERSION,
  unreadable,
  versionProblem,
  type IncomingRecord,
  type OutgoingRecord,
  type Unreadable,
} from './record.ts';

/**
 * `webhook.changes`: a webhook as it is now, or its end (a tombstone). Keyed by webhook; the value is JSON.
 * Secrets and header values travel encrypted, as they are stored.
 */
export interface WebhookChange {
  id: string;
  tenant: string;
  url: string;
  eventTypes: string[];
  /** Encrypted JSON of `Record<string, string>`. */
  sealedHeaders: string;
  /** Encrypted JSON of `(string | ExpiringSecret)[]`, newest first. */
  sealedSecrets: string;
  /** Encrypted JSON of WebhookCredentials, bound to `credentials:<id>`; absent: none. */
  sealedCredentials?: string;
  status: WebhookStatus;
  policy: PolicyName;
  /** Absent: all defaults. */
  delivery?: DeliverySettings;
}

const STATUSES: readonly string[] = WEBHOOK_STATUSES;

export type DecodedChange =
  /** `unknownPolicy`: a newer registry's, for which `quick` stands in; better at the wrong times than not at all. */
  | { kind: 'changed'; revision: number; webhook: WebhookChange; unknownPolicy?: string }
  | { kind: 'deleted'; revision: number; webhookId: string }
  | Unreadable;

/** @param webhook null: the webhook was deleted */
export function encodeChange(webhookId: string, revision: number, webhook: WebhookChange | null): OutgoingRecord {
  return {
    topic: TOPIC.changes,
    key: webhookId,
    value: webhook === null ? null : Buffer.from(JSON.stringify(webhook), 'utf8'),
    headers: { hl_v: RECORD_VERSION, hl_revision: String(revision) },
  };
}

export function decodeChange(record: IncomingRecord): DecodedChange {
  const wrongVersion = versionProblem(record.headers);
  if (wrongVersion !== null) return unreadable(wrongVersion);
  if (record.key === null) return unreadable('the record has no key');
  const revision = integerHeader(record.headers, 'hl_revision');
  if (revision === null) return unreadable('header hl_revision must be an integer');
  if (record.value === null) return { kind: 'deleted', revision, webhookId: record.key };
  let webhook: Partial<WebhookChange>;
  try {
    webhook = JSON.parse(record.value.toString('utf8')) as Partial<WebhookChange>;
  } catch {
    return unreadable('the value is not JSON');
  }
  for (const name of ['id', 'tenant', 'url', 'sealedHeaders', 'sealedSecrets', 'status', 'policy'] as const) {
    if (typeof webhook?.[name] !== 'string') return unreadable(`${name} must be a string`);
  }
  const { eventTypes, status, policy } = webhook as WebhookChange;
  if (!Array.isArray(eventTypes) || !eventTypes.every((type) => typeof type === 'string')) {
    return unreadable('eventTypes must be an array of strings');
  }
  // Whether a webhook of a state that is not known may be sent to nobody can say: taken for disabled, its deliveries would be dead.
  if (!STATUSES.includes(status)) return unreadable(`status must be one of ${STATUSES.join(', ')}`);
  if (isPolicyName(policy)) return { kind: 'changed', revision, webhook: webhook as WebhookChange };
  return {
    kind: 'changed',
    revision,
    webhook: { ...(webhook as WebhookChange), policy: 'quick' },
    unknownPolicy: policy,
  };
}
