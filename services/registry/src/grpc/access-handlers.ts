import type { AccessHandlers } from '@hookline/contracts/grpc';
import { InvalidInput } from '@hookline/domain';
import type { Credentials } from '@hookline/service-kit';
import type { ApiKeys } from '../access/api-keys.ts';
import type { createClientTokens } from '../access/client-tokens.ts';
import { ACCESS_LIMITS } from '../access/limits.ts';
import type { Portal } from '../access/portal.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Tenants } from '../access/tenants.ts';
import type { TenantQuotas } from '../quotas/quotas.ts';
import type { Accounts } from '../users/accounts.ts';
import { apiKeyMessage, sessionMessage, tenantMessage, userMessage } from './access-messages.ts';
import { cursorOf, pageBehind } from './access-page.ts';
import { quotaHandlers } from './quota-handlers.ts';
import { createUnary, type UnaryDependencies } from './unary.ts';

export interface AccessDependencies extends UnaryDependencies {
  sessions: Sessions;
  clientToken: ReturnType<typeof createClientTokens>;
  apiKeys: ApiKeys;
  tenants: Tenants;
  quotas: TenantQuotas;
  accounts: Accounts;
  portal: Portal;
  credentials: Credentials;
}

/** One entry for each call of proto/hookline/v1/access.proto. */
export function createAccessHandlers(dependencies: AccessDependencies): AccessHandlers {
  const { sessions, clientToken, apiKeys, tenants, quotas, accounts, portal, credentials } = dependencies;
  const { unary, authenticated } = createUnary(dependencies);

  return {
    RefreshSession: unary('RefreshSession', async ({ refreshToken }) =>
      sessionMessage(await sessions.refresh(refreshToken)),
    ),
    EndSession: authenticated('EndSession', null, async (_request, identity) => {
      await sessions.end(identity);
      return {};
    }),
    IssueClientToken: unary('IssueClientToken', async ({ clientId, clientSecret, scope }) => {
      const { token, expiresInSeconds, scopes } = await clientToken(clientId, clientSecret, scope);
      return { token, expiresIn: expiresInSeconds, scope: scopes.join(' ') };
    }),

    CreateApiKey: authenticated('CreateApiKey', 'keys:write', async (request, identity) => {
      const { apiKey, key } = await apiKeys.create(identity, request);
      return apiKeyMessage(apiKey, key);
    }),
    GetApiKey: authenticated('GetApiKey', 'keys:read', async ({ id }, { tenant }) =>
      apiKeyMessage(await apiKeys.get(tenant, id)),
    ),
    ListApiKeys: authenticated('ListApiKeys', 'keys:read', async (request, { tenant }) => {
      const { limit, behind } = pageBehind(request, /^key_[0-9a-f]{32}$/);
      // One more tells whether there is a next page.
      const createdBy = request.createdBy === undefined ? null : checkedSubject(request.createdBy);
      const found = await apiKeys.list(tenant, { limit: limit + 1, before: behind, createdBy });
      const page = found.slice(0, limit);
      return { apiKeys: page.map((key) => apiKeyMessage(key)), nextCursor: cursorOf(found, limit) };
    }),
    RotateApiKey: authenticated('RotateApiKey', 'keys:write', async ({ id, overlapMs }, identity) => {
      const { apiKey, key } = await apiKeys.rotate(identity, id, overlapMs ?? ACCESS_LIMITS.overlapMs.byDefault);
      return apiKeyMessage(apiKey, key);
    }),
    UpdateApiKey: authenticated('UpdateApiKey', 'keys:write', async ({ id, rateLimit }, identity) =>
      apiKeyMessage(
        await (rateLimit === undefined
          ? apiKeys.get(identity.tenant, id)
          : apiKeys.setRateLimit(identity, id, rateLimit)),
      ),
    ),
    DeleteApiKey: authenticated('DeleteApiKey', 'keys:write', async ({ id }, { tenant }) => {
      await apiKeys.remove(tenant, id);
      return {};
    }),
    DeleteApiKeysMadeBy: authenticated('DeleteApiKeysMadeBy', 'keys:write', async ({ subject }, { tenant }) => ({
      deleted: await apiKeys.removeMadeBy(tenant, checkedSubject(subject)),
    })),

    CreateTenant: authenticated('CreateTenant', 'tenants:admin', async ({ id }) =>
      tenantMessage(await tenants.create(id)),
    ),
    GetTenant: authenticated('GetTenant', 'tenants:admin', async ({ id }) => tenantMessage(await tenants.get(id))),
    ListTenants: authenticated('ListTenants', 'tenants:admin', async (request) => {
      const { limit, behind } = pageBehind(request, /^[\x20-\x7e]{1,128}$/);
      const found = await tenants.list({ limit: limit + 1, after: behind ?? '' });
      return { tenants: found.slice(0, limit).map(tenantMessage), nextCursor: cursorOf(found, limit) };
    }),
    CreateUser: authenticated('CreateUser', 'tenants:admin', async (request, identity) =>
      userMessage(await accounts.create(identity, request)),
    ),
    GetUser: authenticated('GetUser', 'tenants:admin', async ({ id }) => userMessage(await accounts.get(id))),
    ListUsers: authenticated('ListUsers', 'tenants:admin', async (request) => {
      const { limit, behind } = pageBehind(request, /^usr_[0-9a-f]{32}$/);
      const found = await accounts.list(request.tenant, { limit: limit + 1, before: behind });
      return { users: found.slice(0, limit).map(userMessage), nextCursor: cursorOf(found, limit) };
    }),
    UpdateUser: authenticated('UpdateUser', 'tenants:admin', async ({ id, password, scopes }, identity) => {
      const change = { password: password === '' ? null : password, scopes: scopes?.scopes ?? null };
      return userMessage(await accounts.update(identity, id, change));
    }),
    DeleteUser: authenticated('DeleteUser', 'tenants:admin', async ({ id, withApiKeys }, identity) => {
      await accounts.remove(identity, id, withApiKeys);
      return {};
    }),

    CreatePortalLink: authenticated('CreatePortalLink', 'keys:write', async ({ tenant, sessionMs }, identity) => {
      const link = await portal.createLink(identity, tenant, sessionMs ?? ACCESS_LIMITS.portal.sessionMs.byDefault);
      return { ...link, expiresAt: link.expiresAt.toISOString() };
    }),
    OpenPortal: unary('OpenPortal', async ({ code }) => {
      const { token, expiresInSeconds, tenant, scopes } = await portal.open(code);
      return { token, expiresIn: expiresInSeconds, tenant, scopes: [...scopes] };
    }),

    FindApiKey: unary('FindApiKey', async ({ hash }) => {
      const found = /^[\w-]{43}$/.test(hash) ? await credentials.findApiKey(hash) : null;
      if (found === null) return {};
      const { id, tenant, scopes, expiresAtMs, rateLimit = 0 } = found;
      return { id, tenant, scopes: [...scopes], expiresAtMs: expiresAtMs ?? 0, rateLimit };
    }),
    ListRevocations: unary('ListRevocations', async ({ cursor }) => credentials.revocations(cursor)),
    ...quotaHandlers(quotas, { unary, authenticated }),
  };
}

/** An outside issuer may call its own whatever it likes. */
function checkedSubject(subject: string): string {
  if (/^[^\0]{1,1024}$/u.test(subject)) return subject;
  throw new InvalidInput('The query is not valid.', {
    problems: [{ pointer: '?created_by', detail: 'must be 1 to 1024 characters' }],
  });
}
