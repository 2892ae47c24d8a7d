import { HIDDEN, isSecretHeader, pointerBelow, SIGNATURE_HEADERS, type Problem } from '@hookline/domain';
import { notKept } from './check-url.ts';
import { WEBHOOK_LIMITS } from './limits.ts';

const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const VALUE = /^[\t\x20-\x7e]*$/;

/** Those that the platform sets or that belong to the connection. */
const FORBIDDEN = new Set<string>([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'traceparent',
  'tracestate',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  ...SIGNATURE_HEADERS,
  // No header that anybody means, and a trap for whoever puts names into an object.
  '__proto__',
]);
const FORBIDDEN_PREFIXES = ['webhook-', 'proxy-', 'ce-'];

export interface CheckedHeaders {
  /** Names in lower case. */
  headers: Record<string, string>;
  problems: Problem[];
}

/**
 * @param stored what `***` keeps
 * @param moved they would be sent to another origin than those that are stored: `***` keeps none
 */
export function checkHeaders(
  given: Record<string, string>,
  stored: Record<string, string>,
  moved = false,
): CheckedHeaders {
  const problems: Problem[] = [];
  const entries = Object.entries(given);
  if (entries.length > WEBHOOK_LIMITS.headers) {
    return { headers: {}, problems: [{ pointer: '/headers', detail: `at most ${WEBHOOK_LIMITS.headers} headers` }] };
  }
  const headers = new Map<string, string>();
  for (const [givenName, value] of entries) {
    const name = givenName.toLowerCase();
    const pointer = headerPointer(givenName);
    const problem = nameProblem(name) ?? valueProblem(name, value, stored, moved);
    if (problem !== null) problems.push({ pointer, detail: problem });
    else if (headers.has(name)) problems.push({ pointer, detail: 'is there twice: names differ in case only' });
    headers.set(name, (keepsStored(name, value) ? stored[name] : value) ?? '');
  }
  return { headers: Object.fromEntries(headers), problems };
}

function nameProblem(name: string): string | null {
  if (name.length > WEBHOOK_LIMITS.headerName) {
    return `a header's name has at most ${WEBHOOK_LIMITS.headerName} characters`;
  }
  if (!TOKEN.test(name)) return "a header's name is made of letters, digits and !#$%&'*+-.^_`|~";
  if (FORBIDDEN.has(name) || FORBIDDEN_PREFIXES.some((prefix) => name.startsWith(prefix))) {
    return 'is set by Hookline and can not be chosen';
  }
  return null;
}

function valueProblem(name: string, value: string, stored: Record<string, string>, moved: boolean): string | null {
  if (value.length > WEBHOOK_LIMITS.headerValue) return `has at most ${WEBHOOK_LIMITS.headerValue} characters`;
  if (!VALUE.test(value)) return 'must be printable ASCII';
  if (keepsStored(name, value) && !Object.hasOwn(stored, name)) {
    return `${HIDDEN} keeps a stored value, and there is none`;
  }
  if (keepsStored(name, value) && moved) return notKept('url');
  return null;
}

/** `***` sent back keeps the stored value. */
function keepsStored(name: string, value: string): boolean {
  return value === HIDDEN && isSecretHeader(name);
}

export function hideSensitive(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSecretHeader(name) ? HIDDEN : value]),
  );
}

/** A name that is no name points to all of them. */
function headerPointer(name: string): string {
  if (name.length > WEBHOOK_LIMITS.headerName) return '/headers';
  return pointerBelow('/headers', name);
}
