import { HIDDEN, type AddressGuard } from '@hookline/domain';
import { WEBHOOK_LIMITS } from './limits.ts';

/**
 * What is wrong with a webhook's URL, or null. Only what can be told without DNS: the dispatcher checks again, on the address
 * that it connects to.
 */
export function urlProblem(url: string, guard: AddressGuard): string | null {
  if (url === '') return 'is required: an absolute URL such as https://example.com/hooks';
  if (url.length > WEBHOOK_LIMITS.url) return `must have at most ${WEBHOOK_LIMITS.url} characters`;
  // URL.parse forgives these, and the client would be shown another URL than the one called.
  if (/[\s\p{Cc}\\]/u.test(url)) return 'must not contain spaces, backslashes or control characters';
  const parsed = URL.parse(url);
  if (parsed === null) return 'must be an absolute URL such as https://example.com/hooks';
  if (!/^https?:\/\//i.test(url)) return 'must begin with https:// or http://';
  if (parsed.username !== '' || parsed.password !== '') {
    return 'must not contain a user name or password: send them in the header authorization';
  }
  if (parsed.port === '0') return 'must not name port 0';
  const refusal = guard.hostRefusal(parsed.hostname);
  return refusal === null ? null : `must be reachable from the internet: ${refusal}`;
}

/** Whether what is sent to the one reaches somebody else than what was sent to the other. One that is no URL leads nowhere. */
export function isOtherOrigin(url: string, stored: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.origin !== URL.parse(stored)?.origin;
}

/** What is wrong with `***` where the origin changes. */
export function notKept(what: 'url' | 'token_url'): string {
  return `${HIDDEN} keeps nothing where the origin of ${what} changes: give the value again, or remove it`;
}
