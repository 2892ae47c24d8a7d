import { Forbidden } from './errors.ts';

/** What a token may do. A route or call asks for one. */
export const SCOPES = [
  'webhooks:read',
  'webhooks:write',
  'events:publish',
  'deliveries:read',
  'deliveries:retry',
  'audit:read',
  'keys:read',
  /** API keys and portal links: with scopes that one has oneself. */
  'keys:write',
  /** Tenants, and users of all of them. */
  'tenants:admin',
] as const;
export type Scope = (typeof SCOPES)[number];

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}

/** @param scopes any of them is enough @throws Forbidden */
export function requireScope(held: readonly string[], ...scopes: readonly Scope[]): void {
  if (scopes.some((scope) => held.includes(scope))) return;
  throw new Forbidden(`The token lacks the scope ${scopes.join(' or ')}.`, { code: 'missing_scope' });
}
