import { z } from 'zod';
import type { Operation } from '../openapi/operation.ts';

const tokenRequest = z
  .strictObject({
    grant_type: z.literal('client_credentials'),
    client_id: z.string().optional().meta({ description: 'The id of an API key; or by Basic authentication.' }),
    client_secret: z.string().optional().meta({ description: 'The key itself.' }),
    scope: z.string().optional().meta({ description: 'Separated by spaces; all of the key’s without it.' }),
  })
  .meta({ id: 'ClientCredentials' });

const tokenAnswer = z
  .strictObject({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().min(0).meta({ description: 'Seconds.' }),
    scope: z.string(),
  })
  .meta({ id: 'ClientToken' });

const failure = z
  .strictObject({
    error: z.enum(['invalid_request', 'invalid_client', 'invalid_scope', 'unsupported_grant_type']),
    error_description: z.string(),
  })
  .meta({ id: 'OAuthError' });

export const OAUTH_DOCS = {
  token: {
    id: 'issueClientToken',
    tag: 'access',
    summary: 'Get a token by OAuth 2.0 client credentials',
    details:
      'For programs that can’t send an API key itself. The client is an API key; its token ends with it. Errors are those of RFC 6749.',
    body: {
      content: {
        'application/x-www-form-urlencoded': {
          schema: tokenRequest,
          example: {
            grant_type: 'client_credentials',
            client_id: 'key_019ac39f2b5a7c3e9d1a4b6c8e0f1a2b',
            client_secret: 'hl_9yFCtCzmgVNMzfVDOhsfZOy6yPuj1QX5cXfGYQPA2hg',
            scope: 'events:publish',
          },
        },
      },
    },
    answers: {
      200: { description: 'A token.', schema: tokenAnswer },
      400: { description: 'The request is not as it must be.', schema: failure },
      401: { description: 'The client is not who it says.', schema: failure },
    },
  },
} as const satisfies Record<string, Operation>;
