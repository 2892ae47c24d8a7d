import type { AuthorizationMessage, DeliveryMessage, WebhookSettingsMessage } from '@hookline/contracts/grpc';
import { z } from 'zod';
import { isObject, span, textMap } from './schemas.ts';

/* What a webhook's body must look like, and the registry's message of it. Names and limits are checked by the registry. null is as absent. */

const INT32 = 2 ** 31 - 1;
const count = z.int().min(-INT32, 'is too small').max(INT32, 'is too large');

const authorization = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('basic'), username: z.string(), password: z.string() }),
  z.strictObject({ type: z.literal('bearer'), token: z.string() }),
  z.strictObject({
    type: z.literal('oauth2'),
    token_url: z.string(),
    client_id: z.string(),
    client_secret: z.string(),
    scope: z.string().nullish(),
  }),
]);

export const webhookBody = z
  .strictObject({
    url: z.string(),
    uid: z.string().nullish(),
    event_types: z.array(z.string()),
    filter: z.custom<object>(isObject, 'must be an object').nullish(),
    headers: textMap.nullish(),
    authorization: authorization.nullish(),
    client_certificate: z.strictObject({ certificate: z.string(), private_key: z.string() }).nullish(),
    ca_bundle: z.string().nullish(),
    handshake_origin: z.string().nullish(),
    policy: z.string().nullish(),
    retry_schedule: z.array(span).min(1, 'must have a delay; leave it out, or send null, for the policy’s').nullish(),
    max_retries: count.nullish(),
    max_age: span.nullish(),
    ttl: span.nullish(),
    timeout: span.nullish(),
    rate_limit: z.strictObject({ limit: count, window: span }).nullish(),
    max_in_flight: count.nullish(),
    ordering: z.enum(['none', 'key'], { error: 'must be none or key' }).nullish(),
    ordering_key: z.string().nullish(),
    payload: z.string().nullish(),
    compression: z.string().nullish(),
    signatures: z.array(z.string()).min(1, 'must have a profile; leave it out, or send null, for standard').nullish(),
    secret: z.string().nullish(),
    description: z.string().nullish(),
    metadata: textMap.nullish(),
    status: z.string().nullish(),
  })
  .superRefine(({ ordering, ordering_key: key }, context) => {
    if (ordering === 'key' || key === null || key === undefined) return;
    context.addIssue({ code: 'custom', path: ['ordering_key'], message: 'needs "ordering": "key"' });
  });

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
export const testBody = z.strictObject({ type: z.string().optional(), data: z.unknown().optional() });

/** How long an old secret or signing key signs beside its successor. */
export const secretRotationBody = z.strictObject({ overlap: span.nullish(), secret: z.string().nullish() });
export const keyRotationBody = z.strictObject({ overlap: span.nullish() });
