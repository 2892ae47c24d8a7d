import { page } from '@hookline/contracts/api';
import { z } from 'zod';
import { jsonBody, type Operation } from '../openapi/operation.ts';
import {
  API_KEYS_OF_USER,
  tenantAnswer,
  tenantBody,
  tenantPage,
  userAnswer,
  userBody,
  userChangeBody,
  userPage,
} from './access-schemas.ts';
import { TENANT, USER } from './resources.ts';

const tag = 'access';

export const TENANT_DOCS = {
  create: {
    id: 'createTenant',
    tag,
    summary: 'Make a tenant',
    body: jsonBody(tenantBody, { id: 'acme' }),
    answers: { 201: { description: 'It is made.', schema: tenantAnswer, headers: { Location: 'Its address.' } } },
    problems: { 409: ['tenant_taken'] },
  },
  list: {
    id: 'listTenants',
    tag,
    summary: 'List tenants',
    query: page,
    answers: { 200: { description: 'A page.', schema: tenantPage } },
  },
  get: {
    id: 'getTenant',
    tag,
    summary: 'Get a tenant',
    resource: TENANT,
    answers: { 200: { description: 'The tenant.', schema: tenantAnswer } },
  },
} as const satisfies Record<string, Operation>;

export const USER_DOCS = {
  create: {
    id: 'createUser',
    tag,
    summary: 'Make a user of any tenant',
    body: jsonBody(userBody, {
      tenant: 'default',
      username: 'ada',
      password: 'a-long-passphrase',
      scopes: ['webhooks:read', 'deliveries:read'],
    }),
    answers: { 201: { description: 'It is made.', schema: userAnswer, headers: { Location: 'Its address.' } } },
    problems: { 403: ['scope_not_held'], 404: ['unknown_tenant'], 409: ['username_taken'] },
  },
  list: {
    id: 'listUsers',
    tag,
    summary: 'List users',
    query: { ...page, tenant: z.string().optional().meta({ description: 'Of this tenant only.' }) },
    answers: { 200: { description: 'A page.', schema: userPage } },
    problems: { 404: ['unknown_tenant'] },
  },
  get: {
    id: 'getUser',
    tag,
    summary: 'Get a user',
    resource: USER,
    answers: { 200: { description: 'The user.', schema: userAnswer } },
  },
  update: {
    id: 'updateUser',
    tag,
    summary: 'Change a user’s scopes or password',
    details: 'Ends the user’s sessions: it has to log in again.',
    resource: USER,
    body: jsonBody(userChangeBody, { scopes: ['webhooks:read'] }),
    answers: { 200: { description: 'It is changed.', schema: userAnswer } },
    problems: { 403: ['scope_not_held'], 409: ['own_user'] },
  },
  delete: {
    id: 'deleteUser',
    tag,
    summary: 'Delete a user',
    details: 'Ends the user’s sessions. API keys are the tenant’s and go on, unless they are to be revoked.',
    resource: USER,
    query: {
      api_keys: z
        .enum(API_KEYS_OF_USER)
        .default('keep')
        .meta({ description: 'What happens to those that the user made, and that these made.' }),
    },
    answers: { 204: { description: 'It is gone.' } },
    problems: { 409: ['own_user'] },
  },
} as const satisfies Record<string, Operation>;
