import { Forbidden } from './errors.ts';

/** What a token may do. A route or call asks for one. */
export const SCOPES = [
  'webhooks:read',
  'webhooks:write',
  'events:publish',
  'deliveries:read',
  'deliveries:retry',
] as const;
export type Scope = (typeof SCOPES)[number];

/** @throws Forbidden */
export function requireScope(held: readonly string[], scope: Scope): void {
  if (held.includes(scope)) return;
  throw new Forbidden(`The token lacks the scope ${scope}.`, { code: 'missing_scope' });
}
