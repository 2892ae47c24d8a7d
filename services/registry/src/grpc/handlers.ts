import type { RegistryHandlers } from '@hookline/contracts/grpc';
import { InvalidInput, matches, publicJwks, type Clock } from '@hookline/domain';
import type { Authenticator, Log } from '@hookline/service-kit';
import type { EventTypes } from '../event-types/event-types.ts';
import type { RegistryMetrics } from '../metrics.ts';
import type { Users } from '../users/users.ts';
import { isSignedBy } from '../webhooks/inbound.ts';
import { WEBHOOK_LIMITS } from '../webhooks/limits.ts';
import type { StatusAction } from '../webhooks/status.ts';
import type { createTestSend } from '../webhooks/test-send.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { eventTypeHandlers } from './event-type-handlers.ts';
import { checkedType, cursorAfter, filterOf, fitting, pageOf } from './page.ts';
import { sessionMessage } from './access-messages.ts';
import { testHandler } from './test-handler.ts';
import { createUnary } from './unary.ts';
import { secretsMessage, webhookMessage } from './webhook-message.ts';

export interface HandlersDependencies {
  users: Users;
  webhooks: Webhooks;
  eventTypes: EventTypes;
  testSend: ReturnType<typeof createTestSend>;
  authenticator: Pick<Authenticator, 'verify'>;
  clock: Clock;
  log: Log;
  metrics: RegistryMetrics;
}

/** One entry for each call of proto/hookline/v1/registry.proto. */
export function createHandlers(dependencies: HandlersDependencies): RegistryHandlers {
  const { users, webhooks, eventTypes, clock } = dependencies;
  const { unary, authenticated } = createUnary(dependencies);

  return {
    LogIn: unary('LogIn', async ({ username, password }) => {
      return sessionMessage(await users.logIn(username, password));
    }),
    ChangePassword: authenticated('ChangePassword', null, async (request, identity) => {
      await users.changePassword(identity, request);
      return {};
    }),
    CreateWebhook: authenticated('CreateWebhook', 'webhooks:write', async ({ settings }, { tenant }) => {
      const { webhook, secret } = await webhooks.create(tenant, settings ?? missingSettings());
      return { ...webhookMessage(webhook), secret };
    }),
    // Who reads deliveries may ask for those of one webhook, by whichever of its names; who writes webhooks is shown what is to be patched.
    GetWebhook: authenticated(
      'GetWebhook',
      ['webhooks:read', 'webhooks:write', 'deliveries:read'],
      async ({ id }, { tenant }) => webhookMessage(await webhooks.get(tenant, id)),
    ),
    ListWebhooks: authenticated('ListWebhooks', 'webhooks:read', async (request, { tenant }) => {
      const { limit, before } = pageOf(request);
      const filter = filterOf(request);
      // One more tells whether there is a next page.
      const found = await webhooks.list(tenant, { limit: limit + 1, before, filter });
      const page = fitting(found.slice(0, limit).map(webhookMessage));
      return { webhooks: page, nextCursor: found.length > page.length ? cursorAfter(page) : '' };
    }),
    // Whoever publishes may know how many are told.
    CountWebhooks: authenticated(
      'CountWebhooks',
      ['events:publish', 'webhooks:read'],
      async ({ eventType }, { tenant }) => ({ count: await webhooks.countOfType(tenant, checkedType(eventType)) }),
    ),
    ReplaceWebhook: authenticated('ReplaceWebhook', 'webhooks:write', async (request, { tenant }) => {
      const { id, settings, ifRevision } = request;
      return webhookMessage(await webhooks.replace(tenant, id, settings ?? missingSettings(), ifRevision));
    }),
    DeleteWebhook: authenticated('DeleteWebhook', 'webhooks:write', async ({ id, ifRevision }, { tenant }) => {
      await webhooks.remove(tenant, id, ifRevision);
      return {};
    }),
    SetWebhookStatus: authenticated('SetWebhookStatus', 'webhooks:write', async (request, { tenant }) => {
      const action = request.action.toLowerCase() as StatusAction;
      return webhookMessage(await webhooks.setStatus(tenant, request.id, action, request.ifRevision));
    }),
    GetWebhookSecrets: authenticated('GetWebhookSecrets', 'webhooks:write', async ({ id }, { tenant }) =>
      secretsMessage(await webhooks.secrets(tenant, id), clock.now()),
    ),
    GetPublicKeys: unary('GetPublicKeys', async ({ id }) => {
      const { keys } = publicJwks(await webhooks.signingKeysOfAnyTenant(id), clock.now());
      return { keys: keys.map(({ kid, x }) => ({ kid, x })) };
    }),
    RotateWebhookSecret: authenticated('RotateWebhookSecret', 'webhooks:write', async (request, { tenant }) => {
      const { id, kind, overlapMs, secret } = request;
      const rotation = {
        kind: kind === 'SECRET' ? 'secret' : 'signing_key',
        overlapMs: overlapMs ?? WEBHOOK_LIMITS.overlapMs.byDefault,
        secret: secret === '' ? null : secret,
      } as const;
      return secretsMessage(await webhooks.rotate(tenant, id, rotation), clock.now());
    }),
    // Whoever publishes for somebody else's system; the secret stays here.
    VerifyInbound: authenticated('VerifyInbound', 'events:publish', async (request, { tenant }) => {
      const { id, eventType, body, signature } = request;
      const { eventTypes } = await webhooks.get(tenant, id);
      const { secrets } = await webhooks.secrets(tenant, id);
      return {
        isSigned: isSignedBy(secrets, body, signature, clock.now()),
        isWanted: eventTypes.some((pattern) => matches(pattern, eventType)),
      };
    }),
    ...testHandler({ ...dependencies, authenticated }),
    ...eventTypeHandlers(eventTypes, authenticated),
  };
}

function missingSettings(): never {
  throw new InvalidInput('The field settings is missing.');
}
