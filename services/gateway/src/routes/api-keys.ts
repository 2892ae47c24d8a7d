import type { ApiKeyMessage } from '@hookline/contracts/grpc';
import { sendJson } from '@hookline/service-kit';
import type { AccessClient } from '../access-client.ts';
import { readJson, readOptionalJson } from '../http/json-body.ts';
import { invalidQuery, readPageWith, readQuery } from '../http/query.ts';
import type { Route } from '../http/route.ts';
import { apiKeyBody, apiKeyChangeBody, apiKeyRotationBody } from './access-schemas.ts';
import { API_KEY_DOCS } from './api-key-docs.ts';

const ALL = '/api/v1/api-keys';
const ONE = '/api/v1/api-keys/{id}';
const NOT_STORED = { 'cache-control': 'no-store' };

/** What programs prove themselves with, as a resource. */
export function apiKeyRoutes(access: AccessClient): Route[] {
  return [
    {
      method: 'POST',
      path: ALL,
      access: 'keys:write',
      doc: API_KEY_DOCS.create,
      async handle({ request, response, passed }) {
        const { name, scopes, expires_at: expiresAt, rate_limit: rateLimit } = await readJson(request, apiKeyBody);
        const wanted = { name, scopes, expiresAt: expiresAt ?? '', rateLimit: rateLimit ?? 0 };
        const apiKey = await access.createApiKey(wanted, passed);
        sendJson(response, 201, newKeyJson(apiKey), { ...NOT_STORED, location: `${ALL}/${apiKey.id}` });
      },
    },
    {
      method: 'GET',
      path: ALL,
      access: 'keys:read',
      doc: API_KEY_DOCS.list,
      async handle({ request, response, passed }) {
        const { created_by: createdBy, ...page } = readPageWith(request, ['created_by']);
        const of = createdBy === undefined ? page : { ...page, createdBy };
        const { apiKeys, nextCursor } = await access.listApiKeys(of, passed);
        sendJson(response, 200, {
          data: apiKeys.map(apiKeyJson),
          next_cursor: nextCursor === '' ? null : nextCursor,
        });
      },
    },
    {
      method: 'DELETE',
      path: ALL,
      access: 'keys:write',
      doc: API_KEY_DOCS.deleteMadeBy,
      async handle({ request, response, passed }) {
        const { created_by: subject } = readQuery(request, ['created_by']);
        if (subject === undefined) throw invalidQuery([{ pointer: '?created_by', detail: 'is required' }]);
        const { deleted } = await access.deleteApiKeysMadeBy({ subject }, passed);
        sendJson(response, 200, { revoked: deleted });
      },
    },
    {
      method: 'GET',
      path: ONE,
      access: 'keys:read',
      doc: API_KEY_DOCS.get,
      handle: async ({ response, id, passed }) =>
        sendJson(response, 200, apiKeyJson(await access.getApiKey({ id }, passed))),
    },
    {
      method: 'PATCH',
      path: ONE,
      access: 'keys:write',
      doc: API_KEY_DOCS.update,
      async handle({ request, response, id, passed }) {
        const { rate_limit: rateLimit } = await readJson(request, apiKeyChangeBody);
        const change = { id, ...(rateLimit === undefined ? {} : { rateLimit: rateLimit ?? 0 }) };
        sendJson(response, 200, apiKeyJson(await access.updateApiKey(change, passed)));
      },
    },
    {
      method: 'POST',
      path: `${ONE}/rotate`,
      access: 'keys:write',
      doc: API_KEY_DOCS.rotate,
      async handle({ request, response, id, passed }) {
        const { overlap } = await readOptionalJson(request, apiKeyRotationBody);
        const rotation = { id, ...(overlap === undefined || overlap === null ? {} : { overlapMs: overlap }) };
        sendJson(response, 200, newKeyJson(await access.rotateApiKey(rotation, passed)), NOT_STORED);
      },
    },
    {
      method: 'DELETE',
      path: ONE,
      access: 'keys:write',
      doc: API_KEY_DOCS.delete,
      async handle({ response, id, passed }) {
        await access.deleteApiKey({ id }, passed);
        response.writeHead(204).end();
      },
    },
  ];
}

const timeOf = (text: string) => (text === '' ? null : text);

function apiKeyJson(key: ApiKeyMessage) {
  return {
    id: key.id,
    name: key.name,
    scopes: key.scopes,
    created_by: key.createdBy,
    created_at: key.createdAt,
    expires_at: timeOf(key.expiresAt),
    last_used_at: timeOf(key.lastUsedAt),
    rate_limit: key.rateLimit === 0 ? null : key.rateLimit,
    secrets: key.secrets.map(({ ending, createdAt, expiresAt }) => ({
      ending,
      created_at: createdAt,
      expires_at: timeOf(expiresAt),
    })),
  };
}

function newKeyJson(key: ApiKeyMessage) {
  return { ...apiKeyJson(key), key: key.key };
}
