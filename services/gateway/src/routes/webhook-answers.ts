import { answeredTime, anyJson, pageOf, SPAN, textMap, timings } from '@hookline/contracts/api';
import {
  COMPRESSIONS,
  ORDERING_KEYS,
  PAYLOAD_FORMATS,
  POLICY_NAMES,
  SIGNATURE_PROFILES,
  WEBHOOK_STATUSES,
} from '@hookline/domain';
import { z } from 'zod';

/* What webhook-json.ts and webhook-test.ts answer. */

const textOrNull = z.string().nullable();
const span = z.string().meta(SPAN);
const spanOrNull = span.nullable();
const countOrNull = z.int().min(0).nullable();

const authorization = z.union([
  z.strictObject({ type: z.literal('basic'), username: z.string(), password: z.string() }),
  z.strictObject({ type: z.literal('bearer'), token: z.string() }),
  z.strictObject({
    type: z.literal('oauth2'),
    token_url: z.string(),
    client_id: z.string(),
    client_secret: z.string(),
    scope: textOrNull,
  }),
]);

const fields = {
  id: z.string(),
  uid: textOrNull,
  url: z.string(),
  event_types: z.array(z.string()),
  filter: z.record(z.string(), z.unknown()).nullable(),
  headers: textMap.meta({ description: 'What looks secret is shown as `***`; sent back so, it stays.' }),
  authorization: authorization.nullable().meta({ description: 'Secrets are shown as `***`; sent back so, they stay.' }),
  client_certificate: z.strictObject({ certificate: z.string(), private_key: z.string() }).nullable(),
  ca_bundle: textOrNull,
  handshake_origin: textOrNull,
  policy: z.enum(POLICY_NAMES),
  retry_schedule: z.array(span).nullable(),
  max_retries: countOrNull,
  max_age: spanOrNull,
  ttl: spanOrNull,
  timeout: spanOrNull,
  rate_limit: z.strictObject({ limit: z.int(), window: span }).nullable(),
  max_in_flight: countOrNull,
  ordering: z.enum(['none', 'key']),
  ordering_key: z.enum(ORDERING_KEYS).nullable(),
  payload: z.enum(PAYLOAD_FORMATS),
  compression: z.enum(COMPRESSIONS).nullable(),
  signatures: z.array(z.enum(SIGNATURE_PROFILES)),
  description: textOrNull,
  metadata: textMap,
  status: z.enum(WEBHOOK_STATUSES),
  disabled_reason: textOrNull.meta({ description: 'Why it was disabled where nobody asked for it: `gone`, …' }),
  created_at: answeredTime,
  updated_at: answeredTime,
};

export const webhookAnswer = z.strictObject(fields).meta({ id: 'Webhook' });
export const webhookPage = pageOf(webhookAnswer, 'Newest first.').meta({ id: 'WebhookPage' });
export const createdWebhook = z
  .strictObject({ ...fields, secret: z.string().meta({ description: 'Signs; shown here and at `/secret`.' }) })
  .meta({ id: 'CreatedWebhook' });

const expires = answeredTime.nullable();

export const secretsAnswer = z
  .strictObject({
    secret: textOrNull,
    previous: z
      .array(z.strictObject({ secret: z.string(), expires_at: expires }))
      .meta({ description: 'Replaced, and signing still.' }),
    public_key: textOrNull.meta({ description: 'Of the ed25519 key.' }),
    previous_public_keys: z.array(z.strictObject({ public_key: z.string(), expires_at: expires })),
  })
  .meta({ id: 'WebhookSecrets' });

export const jwksAnswer = z
  .strictObject({
    keys: z.array(
      z.strictObject({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        x: z.string(),
        use: z.literal('sig'),
        alg: z.literal('EdDSA'),
        kid: z.string(),
      }),
    ),
  })
  .meta({ id: 'JsonWebKeySet', description: 'RFC 7517.' });

const headersOrNull = textMap.nullable();

export const testedAnswer = z
  .strictObject({
    event: z.strictObject({ id: z.string(), type: z.string(), data: anyJson }),
    matches: z.boolean().meta({ description: 'Whether the webhook would get such an event.' }),
    outcome: z.enum(['succeeded', 'failed']),
    class: textOrNull,
    status: z.int().nullable(),
    error: textOrNull,
    duration_ms: z.number().min(0),
    timings,
    request_headers: textMap,
    response_headers: headersOrNull,
    response_body: textOrNull.meta({ description: 'Its first 4 KiB.' }),
  })
  .meta({ id: 'TestedWebhook' });
