import type { WebhookSettingsMessage } from '@hookline/contracts/grpc';
import {
  isPattern,
  pointerBelow,
  POLICY_NAMES,
  WEBHOOK_STATUSES,
  type AddressGuard,
  type DeliverySettings,
  type PolicyName,
  type Problem,
  type WebhookStatus,
} from '@hookline/domain';
import { checkCredentials, type GivenCredentials } from './check-credentials.ts';
import { checkDelivery } from './check-delivery.ts';
import { secretProblem } from './check-secret.ts';
import { isOtherOrigin, urlProblem } from './check-url.ts';
import { checkHeaders } from './headers.ts';
import { WEBHOOK_LIMITS } from './limits.ts';
import { isUid } from './names.ts';

/** What a client sets of a webhook, checked. */
export interface Settings {
  url: string;
  eventTypes: string[];
  headers: Record<string, string>;
  policy: PolicyName;
  description: string | null;
  status: WebhookStatus;
  /** null: none was given. */
  secret: string | null;
  /** null: none; undefined: what there is, stays. */
  uid: string | null | undefined;
  metadata: Record<string, string>;
  delivery: DeliverySettings;
  credentials: GivenCredentials;
}

/** What `***` keeps. */
export interface StoredSecrets {
  /** Where it is sent; null: nothing is stored. */
  url: string | null;
  headers: Record<string, string>;
  credentials: GivenCredentials;
}

export const NOTHING_STORED: StoredSecrets = { url: null, headers: {}, credentials: {} };

export type CheckedSettings = { kind: 'valid'; settings: Settings } | { kind: 'invalid'; problems: Problem[] };

const POLICIES: readonly string[] = POLICY_NAMES;
const STATUSES: readonly string[] = WEBHOOK_STATUSES;

/** Everything that is wrong is told at once. */
export function checkSettings(
  given: WebhookSettingsMessage,
  { guard, stored }: { guard: AddressGuard; stored: StoredSecrets },
): CheckedSettings {
  const { url, eventTypes, policy = 'quick', description = '', status = 'enabled', secret, uid, metadata } = given;
  const problems: Problem[] = [];
  const check = (pointer: string, detail: string | null) => {
    if (detail !== null) problems.push({ pointer, detail });
  };
  check('/url', urlProblem(url, guard));
  problems.push(...eventTypesProblems(eventTypes));
  // Whoever may write may not read: what is secret is not sent to anybody who it was not given for.
  const moved = stored.url !== null && isOtherOrigin(url, stored.url);
  const { headers, problems: headerProblems } = checkHeaders(given.headers, stored.headers, moved);
  problems.push(...headerProblems);
  check('/policy', POLICIES.includes(policy) ? null : `must be one of ${POLICIES.join(', ')}`);
  check('/status', STATUSES.includes(status) ? null : `must be one of ${STATUSES.join(', ')}`);
  check('/description', descriptionProblem(description));
  check('/secret', secret === undefined ? null : secretProblem(secret, given.shortSecret === true ? 1 : undefined));
  check('/uid', uid === undefined || uid === '' ? null : uidProblem(uid));
  problems.push(...metadataProblems(metadata));
  const { delivery, problems: deliveryProblems } = checkDelivery(given.delivery);
  problems.push(...deliveryProblems);
  const { credentials, problems: credentialProblems } = checkCredentials(given, {
    guard,
    stored: stored.credentials,
    moved,
  });
  problems.push(...credentialProblems);
  const twice = credentials.authorization !== undefined && Object.hasOwn(headers, 'authorization');
  check('/authorization', twice ? 'can not be used together with the header authorization' : null);
  if (problems.length > 0) return { kind: 'invalid', problems };
  return {
    kind: 'valid',
    settings: {
      url,
      eventTypes,
      headers,
      policy: policy as PolicyName,
      description: description === '' ? null : description,
      status: status as WebhookStatus,
      secret: secret ?? null,
      uid: uid === '' ? null : uid,
      metadata,
      delivery,
      credentials,
    },
  };
}

function eventTypesProblems(patterns: readonly string[]): Problem[] {
  const pointer = '/event_types';
  if (patterns.length === 0) return [{ pointer, detail: 'is required: event types or patterns such as order.*' }];
  if (patterns.length > WEBHOOK_LIMITS.eventTypes) {
    return [{ pointer, detail: `at most ${WEBHOOK_LIMITS.eventTypes} patterns; a prefix such as order.* covers many` }];
  }
  return patterns.flatMap((pattern, index) => {
    const at = `${pointer}/${index}`;
    if (!isPattern(pattern)) {
      return [{ pointer: at, detail: 'must be an event type (order.created), a prefix (order.*) or *' }];
    }
    const first = patterns.indexOf(pattern);
    return first === index ? [] : [{ pointer: at, detail: `is the same as ${pointer}/${first}` }];
  });
}

function descriptionProblem(description: string): string | null {
  if (description.length > WEBHOOK_LIMITS.description) return `has at most ${WEBHOOK_LIMITS.description} characters`;
  return hasNul(description) ? 'must not contain the character NUL' : null;
}

function uidProblem(uid: string): string | null {
  if (isUid(uid)) return null;
  return `has 1 to ${WEBHOOK_LIMITS.uid} letters, digits and -._~, a letter or a digit first, and not wh_`;
}

function metadataProblems(metadata: Record<string, string>): Problem[] {
  const { entries, key: longestKey, value: longestValue } = WEBHOOK_LIMITS.metadata;
  const given = Object.entries(metadata);
  if (given.length > entries) return [{ pointer: '/metadata', detail: `at most ${entries} entries` }];
  return given.flatMap(([key, value]) => {
    const problem =
      key === '' || key.length > longestKey
        ? `a key has 1 to ${longestKey} characters`
        : value.length > longestValue
          ? `has at most ${longestValue} characters`
          : hasNul(key + value)
            ? 'must not contain the character NUL'
            : null;
    return problem === null ? [] : [{ pointer: pointerBelow('/metadata', key), detail: problem }];
  });
}

/** PostgreSQL's text can't hold it. */
function hasNul(text: string): boolean {
  return text.includes('\0');
}
