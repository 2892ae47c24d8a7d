import type { WebhookCredentials } from '@hookline/domain';

/** The value of `authorization`; null where there is none, or a token has to be asked for first. */
export function fixedAuthorization(authorization: WebhookCredentials['authorization']): string | null {
  switch (authorization?.type) {
    case 'basic': {
      const { username, password } = authorization;
      return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    }
    case 'bearer':
      return `Bearer ${authorization.token}`;
    default:
      return null;
  }
}
