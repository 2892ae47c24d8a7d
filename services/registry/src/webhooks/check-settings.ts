import type { WebhookSettingsMessage } from '@hookline/contracts/grpc';
import { isPattern, type AddressGuard, type PolicyName, type Problem, type WebhookStatus } from '@hookline/domain';
import { urlProblem } from './check-url.ts';
import { checkHeaders } from './headers.ts';
import { WEBHOOK_LIMITS } from './limits.ts';

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
}

export type CheckedSettings = { kind: 'valid'; settings: Settings } | { kind: 'invalid'; problems: Problem[] };

const POLICIES: readonly string[] = ['quick', 'standard'] satisfies PolicyName[];
const STATUSES: readonly string[] = ['enabled', 'disabled'] satisfies WebhookStatus[];

/** Everything that is wrong is told at once. */
export function checkSettings(
  given: WebhookSettingsMessage,
  { guard, storedHeaders }: { guard: AddressGuard; storedHeaders: Record<string, string> },
): CheckedSettings {
  const { url, eventTypes, policy = 'quick', description = '', status = 'enabled', secret } = given;
  const problems: Problem[] = [];
  const check = (pointer: string, detail: string | null) => {
    if (detail !== null) problems.push({ pointer, detail });
  };
  check('/url', urlProblem(url, guard));
  problems.push(...eventTypesProblems(eventTypes));
  const { headers, problems: headerProblems } = checkHeaders(given.headers, storedHeaders);
  problems.push(...headerProblems);
  check('/policy', POLICIES.includes(policy) ? null : `must be one of ${POLICIES.join(', ')}`);
  check('/status', STATUSES.includes(status) ? null : `must be one of ${STATUSES.join(', ')}`);
  check('/description', descriptionProblem(description));
  check('/secret', secret === undefined ? null : secretProblem(secret));
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

const PREFIX = 'whsec_';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function secretProblem(secret: string): string | null {
  const { min, max } = WEBHOOK_LIMITS.secret;
  if (secret.length < min || secret.length > max) return `must have ${min} to ${max} characters`;
  if (/\p{Cc}/u.test(secret)) return 'must not contain control characters';
  if (!secret.startsWith(PREFIX)) return null;
  const encoded = secret.slice(PREFIX.length);
  const bytes = BASE64.test(encoded) ? Buffer.from(encoded, 'base64').length : 0;
  const { min: minBytes, max: maxBytes } = WEBHOOK_LIMITS.secretBytes;
  if (bytes >= minBytes && bytes <= maxBytes) return null;
  return `behind ${PREFIX} there must be ${minBytes} to ${maxBytes} bytes in base64`;
}

/** PostgreSQL's text can't hold it. */
function hasNul(text: string): boolean {
  return text.includes('\0');
}
