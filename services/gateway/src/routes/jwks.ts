import { sendJson, type SigningKeys } from '@hookline/service-kit';
import { z } from 'zod';
import type { EdgeLimits } from '../http/limits.ts';
import type { Route } from '../http/route.ts';
import type { Operation } from '../openapi/operation.ts';

/** So long it is kept by who verifies: a new key is here at least so long before it signs (docs/authentication.md). */
const KEPT_SECONDS = 300;

const jwks = z
  .strictObject({
    keys: z.array(z.looseObject({ kid: z.string(), kty: z.string(), alg: z.string(), use: z.literal('sig') })),
  })
  .meta({ id: 'TokenKeys' });

const DOC: Operation = {
  id: 'getTokenKeys',
  tag: 'access',
  summary: 'The public keys of our tokens',
  details: 'None while tokens are signed with a shared secret (HS256).',
  answers: { 200: { description: 'A JSON Web Key Set (RFC 7517).', schema: jwks } },
};

export function jwksRoutes(keys: Pick<SigningKeys, 'jwks'>, limits: EdgeLimits): Route[] {
  return [
    {
      method: 'GET',
      path: '/.well-known/jwks.json',
      access: 'public',
      doc: DOC,
      async handle({ request, response }) {
        limits.anonymous(request, response);
        sendJson(response, 200, { keys: keys.jwks() }, { 'cache-control': `public, max-age=${KEPT_SECONDS}` });
      },
    },
  ];
}
