import type { Scope } from '@hookline/domain';
import type { Route } from '../http/route.ts';
import type { JsonSchema } from './schemas.ts';

const SCOPES: Record<Scope, string> = {
  'webhooks:read': 'Read webhooks and event types.',
  'webhooks:write': 'Change webhooks and event types; read what signs.',
  'events:publish': 'Publish events.',
  'deliveries:read': 'Read events, deliveries and dead letters.',
  'deliveries:retry': 'Send again, cancel, erase.',
  'audit:read': 'Read who changed what.',
  'keys:read': 'Read API keys.',
  'keys:write': 'Make and end API keys and portal links.',
  'tenants:admin': 'Make tenants, and users of all of them.',
};

/** How a client says who it is. */
export const SECURITY_SCHEMES: JsonSchema = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: `A token of \`POST /auth/login\` or \`POST /oauth/token\`, or an API key. Each operation names the scope that it asks for: ${Object.entries(
      SCOPES,
    )
      .map(([scope, may]) => `\`${scope}\`: ${may}`)
      .join(' ')}`,
  },
  client: {
    type: 'oauth2',
    description: 'An API key as an OAuth 2.0 client.',
    flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: SCOPES } },
  },
};

/** What an operation asks for; empty: nothing. */
export function securityOf(access: Route['access']): JsonSchema[] {
  if (access === 'public') return [];
  const scopes = access === 'token' ? [] : [access];
  return [{ token: scopes }, { client: scopes }];
}
