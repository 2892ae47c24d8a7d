import type { UserMessage } from '@hookline/contracts/grpc';
import { sendJson } from '@hookline/service-kit';
import type { AccessClient } from '../access-client.ts';
import { readJson } from '../http/json-body.ts';
import { invalidQuery, readPage, readPageWith, readQuery } from '../http/query.ts';
import type { Route } from '../http/route.ts';
import { API_KEYS_OF_USER, tenantBody, userBody, userChangeBody } from './access-schemas.ts';
import { TENANT_DOCS, USER_DOCS } from './tenant-docs.ts';

const TENANTS = '/api/v1/tenants';
const USERS = '/api/v1/users';
const USER = '/api/v1/users/{id}';

/** Customers, and who may log in: of all tenants. */
export function tenantRoutes(access: AccessClient): Route[] {
  const admin = { access: 'tenants:admin' } as const;
  return [
    {
      ...admin,
      method: 'POST',
      path: TENANTS,
      doc: TENANT_DOCS.create,
      async handle({ request, response, passed }) {
        const tenant = await access.createTenant(await readJson(request, tenantBody), passed);
        sendJson(response, 201, tenantJson(tenant), { location: `${TENANTS}/${tenant.id}` });
      },
    },
    {
      ...admin,
      method: 'GET',
      path: TENANTS,
      doc: TENANT_DOCS.list,
      async handle({ request, response, passed }) {
        const { tenants, nextCursor } = await access.listTenants(readPage(request), passed);
        sendJson(response, 200, { data: tenants.map(tenantJson), next_cursor: nextCursor === '' ? null : nextCursor });
      },
    },
    {
      ...admin,
      method: 'GET',
      path: `${TENANTS}/{id}`,
      doc: TENANT_DOCS.get,
      handle: async ({ response, id, passed }) =>
        sendJson(response, 200, tenantJson(await access.getTenant({ id }, passed))),
    },
    {
      ...admin,
      method: 'POST',
      path: USERS,
      doc: USER_DOCS.create,
      async handle({ request, response, passed }) {
        const user = await access.createUser(await readJson(request, userBody), passed);
        sendJson(response, 201, userJson(user), { location: `${USERS}/${user.id}` });
      },
    },
    {
      ...admin,
      method: 'GET',
      path: USERS,
      doc: USER_DOCS.list,
      async handle({ request, response, passed }) {
        const { tenant = '', ...page } = readPageWith(request, ['tenant']);
        const { users, nextCursor } = await access.listUsers({ ...page, tenant }, passed);
        sendJson(response, 200, { data: users.map(userJson), next_cursor: nextCursor === '' ? null : nextCursor });
      },
    },
    {
      ...admin,
      method: 'GET',
      path: USER,
      doc: USER_DOCS.get,
      handle: async ({ response, id, passed }) =>
        sendJson(response, 200, userJson(await access.getUser({ id }, passed))),
    },
    {
      ...admin,
      method: 'PATCH',
      path: USER,
      doc: USER_DOCS.update,
      async handle({ request, response, id, passed }) {
        const { password = '', scopes } = await readJson(request, userChangeBody);
        const change = { id, password, ...(scopes === undefined ? {} : { scopes: { scopes } }) };
        sendJson(response, 200, userJson(await access.updateUser(change, passed)));
      },
    },
    {
      ...admin,
      method: 'DELETE',
      path: USER,
      doc: USER_DOCS.delete,
      async handle({ request, response, id, passed }) {
        const { api_keys: apiKeys = 'keep' } = readQuery(request, ['api_keys']);
        if (!API_KEYS_OF_USER.some((known) => known === apiKeys)) {
          throw invalidQuery([{ pointer: '?api_keys', detail: `must be one of ${API_KEYS_OF_USER.join(', ')}` }]);
        }
        await access.deleteUser({ id, withApiKeys: apiKeys === 'revoke' }, passed);
        response.writeHead(204).end();
      },
    },
  ];
}

function tenantJson({ id, createdAt }: { id: string; createdAt: string }) {
  return { id, created_at: createdAt };
}

function userJson({ id, tenant, username, scopes, createdAt }: UserMessage) {
  return { id, tenant, username, scopes, created_at: createdAt };
}
