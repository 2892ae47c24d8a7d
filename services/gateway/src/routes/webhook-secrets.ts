import type { WebhookSecretsMessage } from '@hookline/contracts/grpc';
import { sendJson } from '@hookline/service-kit';
import type { Response } from 'express';
import { readOptionalJson } from '../http/json-body.ts';
import type { EdgeLimits } from '../http/limits.ts';
import type { Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { keyRotationBody, secretRotationBody } from './webhook-body.ts';
import { WEBHOOK_DOCS } from './webhook-docs.ts';
import { secretsJson } from './webhook-json.ts';

const ONE = '/api/v1/webhooks/{id}';
/** Receivers keep it so long; a new key signs from its beginning, beside the old one. */
const JWKS_SECONDS = 300;

/** What signs a webhook's requests, and what verifies them. */
export function webhookSecretRoutes(registry: RegistryClient, limits: EdgeLimits): Route[] {
  return [
    {
      method: 'GET',
      path: `${ONE}/secret`,
      // Who may only read webhooks can't sign as Hookline.
      access: 'webhooks:write',
      doc: WEBHOOK_DOCS.secrets,
      async handle({ response, id, passed }) {
        sendSecrets(response, await registry.getWebhookSecrets({ id }, passed));
      },
    },
    {
      method: 'POST',
      path: `${ONE}/secret/rotate`,
      access: 'webhooks:write',
      doc: WEBHOOK_DOCS.rotateSecret,
      async handle({ request, response, id, passed }) {
        const { overlap, secret } = await readOptionalJson(request, secretRotationBody);
        const rotation = { id, kind: 'SECRET', secret: secret ?? '', ...overlapOf(overlap) } as const;
        sendSecrets(response, await registry.rotateWebhookSecret(rotation, passed));
      },
    },
    {
      method: 'POST',
      path: `${ONE}/signing-key/rotate`,
      access: 'webhooks:write',
      doc: WEBHOOK_DOCS.rotateKey,
      async handle({ request, response, id, passed }) {
        const { overlap } = await readOptionalJson(request, keyRotationBody);
        const rotation = { id, kind: 'SIGNING_KEY', secret: '', ...overlapOf(overlap) } as const;
        sendSecrets(response, await registry.rotateWebhookSecret(rotation, passed));
      },
    },
    {
      method: 'GET',
      path: `${ONE}/jwks.json`,
      access: 'public',
      doc: WEBHOOK_DOCS.jwks,
      async handle({ request, response, id, passed }) {
        limits.anonymous(request, response);
        const { keys } = await registry.getPublicKeys({ id }, passed);
        const jwks = keys.map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', x, use: 'sig', alg: 'EdDSA', kid }));
        sendJson(response, 200, { keys: jwks }, { 'cache-control': `public, max-age=${JWKS_SECONDS}` });
      },
    },
  ];
}

function sendSecrets(response: Response, secrets: WebhookSecretsMessage): void {
  sendJson(response, 200, secretsJson(secrets), { 'cache-control': 'no-store' });
}

function overlapOf(overlapMs: number | null | undefined): { overlapMs?: number } {
  return overlapMs === null || overlapMs === undefined ? {} : { overlapMs };
}
