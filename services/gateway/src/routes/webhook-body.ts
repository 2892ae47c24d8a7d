import type { AuthorizationMessage, DeliveryMessage, WebhookSettingsMessage } from '@hookline/contracts/grpc';
import {
  COMPRESSIONS,
  ORDERING_KEYS,
  PAYLOAD_FORMATS,
  POLICY_NAMES,
  SIGNATURE_PROFILES,
  WEBHOOK_STATUSES,
} from '@hookline/domain';
import { z } from 'zod';
import { isObject, span, textMap } from './schemas.ts';

/* What a webhook's body must look like, and the registry's message of it. Names and limits are checked by the registry. null is as absent. */

const INT32 = 2 ** 31 - 1;
const count = z.int().min(-INT32, 'is too small').max(INT32, 'is too large');
const text = (description: string, example?: string) =>
  z.string().meta({ description, ...(example === undefined ? {} : { example }) });
/** Which are known is said by the registry. */
const oneOf = (values: readonly string[], description: string) => z.string().meta({ enum: values, description });
const spanOf = (description: string) => span.meta({ description });

const authorization = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('basic'), username: z.string(), password: z.string() }),
    z.strictObject({ type: z.literal('bearer'), token: z.string() }),
    z.strictObject({
      type: z.literal('oauth2'),
      token_url: z.string(),
      client_id: z.string(),
      client_secret: z.string(),
      scope: z.string().nullish(),
    }),
  ])
  .meta({ description: 'What its receiver wants; of oauth2 (client credentials) the token is fetched and kept.' });
const clientCertificate = z
  .strictObject({ certificate: z.string(), private_key: z.string() })
  .meta({ description: 'PEM, for receivers that want to know their client.' });
const rateLimit = z
  .strictObject({ limit: count, window: span })
  .meta({ description: 'At most `limit` requests in any `window` (`1s` to `1h`). What waits uses up no attempt.' });
const filter = z
  .custom<object>(isObject, 'must be an object')
  .meta({ type: 'object', description: 'A condition on the event: docs/filters.md.' });

const webhookSettings = z.strictObject({
  url: text('Absolute, http or https; not in a private network.', 'https://example.com/hooks').meta({ format: 'uri' }),
  uid: text('Your own name for it, at most 128 of `A-Za-z0-9-._~`: usable in paths.').nullish(),
  event_types: z
    .array(z.string())
    .meta({ description: '1 to 100 types (`order.created`), prefixes (`order.*`: everything below) or `*`.' }),
  filter: filter.nullish(),
  headers: textMap.meta({ description: 'Up to 32 of your own, sent with every request.' }).nullish(),
  authorization: authorization.nullish(),
  client_certificate: clientCertificate.nullish(),
  ca_bundle: text('PEM certificates that are trusted in place of the system’s.').nullish(),
  handshake_origin: text('A DNS name of yours: the receiver must consent to requests from there first.').nullish(),
  policy: oneOf(
    POLICY_NAMES,
    '`quick`: 5 retries from 1 s, doubling. `standard`: Standard Webhooks’, over three days.',
  ).nullish(),
  retry_schedule: z
    .array(span)
    .min(1, 'must have a delay; leave it out, or send null, for the policy’s')
    .meta({ description: 'Delays before each retry, 1 to 100, each at most `7d`.' })
    .nullish(),
  max_retries: count.meta({ description: '0 to 100.' }).nullish(),
  max_age: spanOf('`1s` to `30d` after its first attempt a delivery is dead, whatever it waits for.').nullish(),
  ttl: spanOf('`1s` to `30d` after its acceptance an event is not sent any more.').nullish(),
  timeout: spanOf('Of one attempt, `500ms` to `2m`.').nullish(),
  rate_limit: rateLimit.nullish(),
  max_in_flight: count
    .meta({ description: 'At most so many requests at once in each dispatcher, 1 to 1,024.' })
    .nullish(),
  ordering: z
    .enum(['none', 'key'], { error: 'must be none or key' })
    .meta({ description: '`key`: deliveries of one key go out one after the other.' })
    .nullish(),
  ordering_key: oneOf(ORDERING_KEYS, 'What makes a key; `webhook`: one key, so strictly in order.').nullish(),
  payload: oneOf(PAYLOAD_FORMATS, 'What is sent: the event, its bare data, or a CloudEvent.').nullish(),
  compression: oneOf(COMPRESSIONS, 'Of bodies above 1 KiB.').nullish(),
  signatures: z
    .array(oneOf(SIGNATURE_PROFILES, 'A profile.'))
    .min(1, 'must have a profile; leave it out, or send null, for standard')
    .nullish(),
  secret: text('16 to 128 characters; behind `whsec_` base64 of 24 to 64 bytes. One is made without it.').nullish(),
  description: text('At most 1,024 characters.').nullish(),
  metadata: textMap.meta({ description: 'Your own words about it: up to 64 texts. Never sent.' }).nullish(),
  status: oneOf(WEBHOOK_STATUSES, '`paused`: its deliveries wait. `disabled`: it matches nothing.').nullish(),
});

export const webhookBody = webhookSettings
  .superRefine(({ ordering, ordering_key: key }, context) => {
    if (ordering === 'key' || key === null || key === undefined) return;
    context.addIssue({ code: 'custom', path: ['ordering_key'], message: 'needs "ordering": "key"' });
  })
  .meta({ id: 'WebhookSettings', description: 'What is absent or null has its default.' });

/** A merge patch of it, for the document: what it makes of the webhook is checked as above. */
export const webhookPatch = webhookSettings
  .partial()
  .extend({
    rate_limit: rateLimit.partial().nullish(),
    authorization: z.record(z.string(), z.unknown()).nullish(),
    client_certificate: clientCertificate.partial().nullish(),
    headers: z.record(z.string(), z.string().nullable()).nullish(),
    metadata: z.record(z.string(), z.string().nullable()).nullish(),
  })
  .meta({ id: 'WebhookPatch', description: 'null resets to the default, or removes a member.' });

type Body = z.infer<typeof webhookBody>;

export function settingsOf(body: Body): WebhookSettingsMessage {
  const { url, event_types: eventTypes, policy, description, status, secret, uid } = body;
  const certificate = body.client_certificate ?? null;
  return {
    url,
    eventTypes,
    headers: body.headers ?? {},
    metadata: body.metadata ?? {},
    delivery: deliveryOf(body),
    authorization: authorizationOf(body.authorization ?? null),
    clientCertificate:
      certificate === null ? null : { certificate: certificate.certificate, privateKey: certificate.private_key },
    // Absent and null are one, but for the uid: absent it stays, null removes it.
    ...(uid === undefined ? {} : { uid: uid ?? '' }),
    ...present({ policy, description, status, secret }),
  };
}

function deliveryOf(body: Body): DeliveryMessage {
  const { filter, rate_limit: rateLimit, payload, compression } = body;
  const orderBy = body.ordering === 'key' ? (body.ordering_key ?? 'partitionkey') : null;
  return {
    retryScheduleMs: body.retry_schedule ?? [],
    signatures: body.signatures ?? [],
    rateLimit: rateLimit ? { limit: rateLimit.limit, windowMs: rateLimit.window } : null,
    ...present({
      filter: filter ? JSON.stringify(filter) : null,
      maxRetries: body.max_retries,
      maxAgeMs: body.max_age,
      ttlMs: body.ttl,
      timeoutMs: body.timeout,
      maxInFlight: body.max_in_flight,
      orderBy,
      payload,
      compression,
      caBundle: body.ca_bundle,
      requestOrigin: body.handshake_origin,
    }),
  };
}

function authorizationOf(given: z.infer<typeof authorization> | null): AuthorizationMessage | null {
  switch (given?.type) {
    case undefined:
      return null;
    case 'basic':
      return { basic: { username: given.username, password: given.password } };
    case 'bearer':
      return { bearer: { token: given.token } };
    case 'oauth2': {
      const { token_url: tokenUrl, client_id: clientId, client_secret: clientSecret, scope } = given;
      return { oauth2: { tokenUrl, clientId, clientSecret, scope: scope ?? '' } };
    }
  }
}

type Present<T> = { [Name in keyof T]?: NonNullable<T[Name]> };

/** Without what is null or undefined: a message tells absent from empty. */
function present<T extends Record<string, unknown>>(members: T): Present<T> {
  const given = Object.entries(members).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given) as Present<T>;
}

/** A sample to send. */
export const testBody = z
  .strictObject({
    type: text('One that it is registered for without it.', 'order.created').optional(),
    data: z.unknown().optional().meta({ description: 'The catalogue’s example without it.' }),
  })
  .meta({ id: 'WebhookSample' });

/** How long an old secret or signing key signs beside its successor. */
const overlap = spanOf('How long the old one signs beside it: at most `7d`, `24h` without it.').nullish();
export const secretRotationBody = z
  .strictObject({ overlap, secret: text('The new one; one is made without it.').nullish() })
  .meta({ id: 'SecretRotation' });
export const keyRotationBody = z.strictObject({ overlap }).meta({ id: 'KeyRotation' });
