import type { RegistryHandlers } from '@hookline/contracts/grpc';
import { HooklineError, InvalidInput, publicJwks, requireScope, type Clock, type Scope } from '@hookline/domain';
import type { Identity, Log, Tokens } from '@hookline/service-kit';
import { grpcErrorOf } from '@hookline/service-kit/grpc';
import type { handleUnaryCall, Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import type { RegistryMetrics } from '../metrics.ts';
import type { Users } from '../users/users.ts';
import { WEBHOOK_LIMITS } from '../webhooks/limits.ts';
import type { StatusAction } from '../webhooks/status.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { cursorAfter, pageOf } from './page.ts';
import { secretsMessage, webhookMessage } from './webhook-message.ts';

export interface HandlersDependencies {
  users: Users;
  webhooks: Webhooks;
  tokens: Tokens;
  clock: Clock;
  log: Log;
  metrics: RegistryMetrics;
}

/** One line for each call of proto/hookline/v1/registry.proto. */
export function createHandlers(dependencies: HandlersDependencies): RegistryHandlers {
  const { users, webhooks, tokens, clock, log, metrics } = dependencies;

  function unary<Request, Response>(
    method: string,
    work: (request: Request, call: ServerUnaryCall<Request, Response>) => Promise<Response>,
  ): handleUnaryCall<Request, Response> {
    const answer: (...parameters: Parameters<handleUnaryCall<Request, Response>>) => Promise<void> = async (
      call,
      callback,
    ) => {
      const observe = metrics.callDuration.startTimer({ method });
      let response: Response;
      try {
        response = await work(call.request, call);
      } catch (error) {
        observe({ code: error instanceof HooklineError ? error.code : 'internal_error' });
        report(error, method, call.metadata);
        callback(grpcErrorOf(error));
        return;
      }
      observe({ code: 'ok' });
      callback(null, response);
    };
    return (call, callback) => void answer(call, callback);
  }

  function report(error: unknown, method: string, metadata: Metadata): void {
    const requestId = String(metadata.get('x-request-id')[0] ?? '');
    if (!(error instanceof HooklineError)) log.error({ err: error, method, requestId }, 'call.failed');
    else if (error.retryable) log.warn({ err: error, method, requestId }, 'call.delayed');
  }

  /** @param scope null: any valid token */
  function authenticated<Request, Response>(
    method: string,
    scope: Scope | null,
    work: (request: Request, identity: Identity) => Promise<Response>,
  ): handleUnaryCall<Request, Response> {
    return unary(method, async (request, call) => {
      const authorization = call.metadata.get('authorization')[0];
      const identity = tokens.verify(authorization === undefined ? undefined : String(authorization));
      if (scope !== null) requireScope(identity.scopes, scope);
      return work(request, identity);
    });
  }

  return {
    LogIn: unary('LogIn', async ({ username, password }) => {
      const { token, expiresInSeconds } = await users.logIn(username, password);
      return { token, expiresIn: expiresInSeconds };
    }),
    ChangePassword: authenticated('ChangePassword', null, async (request, identity) => {
      await users.changePassword(identity, request);
      return {};
    }),
    CreateWebhook: authenticated('CreateWebhook', 'webhooks:write', async ({ settings }, { tenant }) => {
      const { webhook, secret } = await webhooks.create(tenant, settings ?? missingSettings());
      return { ...webhookMessage(webhook), secret };
    }),
    GetWebhook: authenticated('GetWebhook', 'webhooks:read', async ({ id }, { tenant }) =>
      webhookMessage(await webhooks.get(tenant, id)),
    ),
    ListWebhooks: authenticated('ListWebhooks', 'webhooks:read', async (request, { tenant }) => {
      const { limit, before } = pageOf(request);
      // One more tells whether there is a next page.
      const found = await webhooks.list(tenant, { limit: limit + 1, before });
      const page = found.slice(0, limit);
      return { webhooks: page.map(webhookMessage), nextCursor: found.length > limit ? cursorAfter(page) : '' };
    }),
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
  };
}

function missingSettings(): never {
  throw new InvalidInput('The field settings is missing.');
}
