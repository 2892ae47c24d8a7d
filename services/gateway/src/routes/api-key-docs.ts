import { page } from '@hookline/contracts/api';
import { jsonBody, optionalJsonBody, type Operation } from '../openapi/operation.ts';
import {
  apiKeyAnswer,
  apiKeyBody,
  apiKeyChangeBody,
  apiKeyPage,
  apiKeyRotationBody,
  apiKeysRevoked,
  createdBy,
  newApiKeyAnswer,
} from './access-schemas.ts';
import { API_KEY } from './resources.ts';

const tag = 'access';

export const API_KEY_DOCS = {
  create: {
    id: 'createApiKey',
    tag,
    summary: 'Make an API key',
    details:
      'It is shown in this answer and never again: `Authorization: Bearer hl_…`. It can’t do more than whoever makes it, nor more often where that is a key with a `rate_limit`.',
    body: jsonBody(apiKeyBody, { name: 'shop', scopes: ['events:publish'], rate_limit: 500 }),
    answers: {
      201: { description: 'It is made.', schema: newApiKeyAnswer, headers: { Location: 'Its address.' } },
    },
    problems: { 403: ['scope_not_held', 'rate_limit_not_held'], 409: ['too_many_api_keys'] },
  },
  list: {
    id: 'listApiKeys',
    tag,
    summary: 'List API keys',
    query: { ...page, created_by: createdBy.optional() },
    answers: { 200: { description: 'A page.', schema: apiKeyPage } },
  },
  deleteMadeBy: {
    id: 'deleteApiKeysMadeBy',
    tag,
    summary: 'Revoke all API keys that somebody made',
    details:
      'And all that these made, and so on: for whoever leaves, or whose key was stolen. Refused everywhere within 5 s.',
    query: { created_by: createdBy },
    answers: { 200: { description: 'They are gone.', schema: apiKeysRevoked } },
  },
  get: {
    id: 'getApiKey',
    tag,
    summary: 'Get an API key, without the key itself',
    resource: API_KEY,
    answers: { 200: { description: 'The API key.', schema: apiKeyAnswer } },
  },
  update: {
    id: 'updateApiKey',
    tag,
    summary: 'Change an API key’s rate limit',
    details:
      'It holds within 5 s. Tokens that the key was given keep the limit that it had then. A key that has a limit gives none that is higher, itself neither.',
    resource: API_KEY,
    body: jsonBody(apiKeyChangeBody, { rate_limit: 100 }),
    answers: { 200: { description: 'It is changed.', schema: apiKeyAnswer } },
    problems: { 403: ['rate_limit_not_held'] },
  },
  rotate: {
    id: 'rotateApiKey',
    tag,
    summary: 'Give an API key a new key',
    details: 'The old one is accepted for a while longer, so that programs can be changed one after the other.',
    resource: API_KEY,
    body: optionalJsonBody(apiKeyRotationBody, { overlap: '24h' }),
    answers: { 200: { description: 'It has a new key.', schema: newApiKeyAnswer } },
    problems: { 403: ['scope_not_held', 'rate_limit_not_held'], 409: ['too_many_secrets'] },
  },
  delete: {
    id: 'deleteApiKey',
    tag,
    summary: 'Revoke an API key',
    details: 'Within 5 s it is refused everywhere, and so are the tokens that it was given.',
    resource: API_KEY,
    answers: { 204: { description: 'It is gone.' } },
  },
} as const satisfies Record<string, Operation>;
