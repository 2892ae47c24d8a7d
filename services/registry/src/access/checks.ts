import { Forbidden, isScope, type Problem } from '@hookline/domain';
import { ACCESS_LIMITS } from './limits.ts';

/** Whether it can be an id of ours: what can't is not asked for. */
export function isIdOf(prefix: 'key' | 'usr', text: string): boolean {
  return text.startsWith(`${prefix}_`) && /^[0-9a-f]{32}$/.test(text.slice(prefix.length + 1));
}

/** What is wrong with scopes that are to be given; none may be given twice. */
export function scopeProblems(scopes: readonly string[]): Problem[] {
  if (scopes.length === 0) return [{ pointer: '/scopes', detail: 'must have one at least' }];
  return scopes.flatMap((scope, index) => {
    const pointer = `/scopes/${index}`;
    if (!isScope(scope)) return [{ pointer, detail: 'is no scope' }];
    return scopes.indexOf(scope) < index ? [{ pointer, detail: 'is there twice' }] : [];
  });
}

/** Nobody gives what they don't have. @throws Forbidden */
export function requireHeld(held: readonly string[], scopes: readonly string[]): void {
  const problems = scopes.flatMap((scope, index) =>
    held.includes(scope) ? [] : { pointer: `/scopes/${index}`, detail: 'is a scope that you do not have yourself' },
  );
  if (problems.length > 0) {
    throw new Forbidden('Scopes can be given only by who has them.', { code: 'scope_not_held', problems });
  }
}

/**
 * Nobody gives, or gets, a higher rate than they have, which would be no limit then. null: none.
 * @throws Forbidden
 */
export function requireRateHeld(held: number | null, rateLimit: number | null): void {
  if (held === null || (rateLimit !== null && rateLimit <= held)) return;
  throw new Forbidden(`Your API key has a rate limit of ${held}: it can give no higher one.`, {
    code: 'rate_limit_not_held',
    problems: [{ pointer: '/rate_limit', detail: `must be ${held} at most` }],
  });
}

/** @param rateLimit 0: none */
export function rateLimitProblems(rateLimit: number): Problem[] {
  if (rateLimit >= 0 && rateLimit <= ACCESS_LIMITS.rateLimit) return [];
  return [{ pointer: '/rate_limit', detail: `must be 1 to ${ACCESS_LIMITS.rateLimit}` }];
}

export function nameProblems(pointer: string, name: string, max: number): Problem[] {
  const fits = name.length >= 1 && name.length <= max && !/\p{Cc}/u.test(name) && name.isWellFormed();
  return fits ? [] : [{ pointer, detail: `must have 1 to ${max} characters, none of them a control character` }];
}
