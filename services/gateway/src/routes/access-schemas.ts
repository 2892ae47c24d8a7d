import { answeredTime, pageOf } from '@hookline/contracts/api';
import { SCOPES } from '@hookline/domain';
import { z } from 'zod';
import { span } from './schemas.ts';

/* What is sent and answered about who may ask. */

/** Which there are the registry says; the document names them. */
const scopes = z
  .array(z.string().meta({ enum: SCOPES }))
  .meta({ description: 'What may be done: those that you have yourself.' });

const rateLimit = z.int().min(1).max(1_000_000).nullish().meta({
  description:
    'Requests per second, and events per second, with the key; without it, or with null, only the tenant’s limits hold.',
});

export const apiKeyBody = z
  .strictObject({
    name: z.string().meta({ description: 'At most 128 characters.' }),
    scopes,
    expires_at: z
      .string()
      .nullish()
      .meta({ format: 'date-time', description: 'RFC 3339; without it, it does not expire.' }),
    rate_limit: rateLimit,
  })
  .meta({ id: 'ApiKeySettings' });

export const apiKeyChangeBody = z.strictObject({ rate_limit: rateLimit }).meta({ id: 'ApiKeyChange' });

export const apiKeyRotationBody = z
  .strictObject({
    overlap: span
      .nullish()
      .meta({ description: 'So long the old key is accepted beside the new one; a day without it, 30 at most.' }),
  })
  .meta({ id: 'ApiKeyRotation' });

const answeredScopes = z.array(z.enum(SCOPES));

const apiKeyFields = {
  id: z.string().regex(/^key_[0-9a-f]{32}$/),
  name: z.string(),
  scopes: answeredScopes,
  created_by: z.string().meta({ description: 'Whose token made it.' }),
  created_at: answeredTime,
  expires_at: answeredTime.nullable(),
  last_used_at: answeredTime.nullable().meta({ description: 'To the minute.' }),
  rate_limit: z.int().min(1).nullable().meta({ description: 'Requests, and events, per second.' }),
  secrets: z
    .array(z.strictObject({ ending: z.string(), created_at: answeredTime, expires_at: answeredTime.nullable() }))
    .meta({ description: 'What it is accepted by, newest first, each shown by its last four characters.' }),
};

export const apiKeyAnswer = z.strictObject(apiKeyFields).meta({ id: 'ApiKey' });
export const newApiKeyAnswer = z
  .strictObject({
    ...apiKeyFields,
    key: z
      .string()
      .regex(/^hl_[A-Za-z0-9_-]{43}$/)
      .meta({ description: 'The key itself. It is not shown again.' }),
  })
  .meta({ id: 'NewApiKey' });
export const apiKeyPage = pageOf(apiKeyAnswer, 'Newest first.').meta({ id: 'ApiKeyPage' });

export const createdBy = z
  .string()
  .min(1)
  .max(1_024)
  .meta({ description: 'Made by this subject: `usr_…`, `key_…`.', example: 'usr_019ac39f2b5a7c3e9d1a4b6c8e0f1a2b' });
export const apiKeysRevoked = z.strictObject({ revoked: z.int().min(0) }).meta({ id: 'ApiKeysRevoked' });

export const tenantBody = z
  .strictObject({ id: z.string().meta({ description: '1 to 63 of a-z, 0-9, _ and -.' }) })
  .meta({ id: 'NewTenant' });

export const tenantAnswer = z.strictObject({ id: z.string(), created_at: answeredTime }).meta({ id: 'Tenant' });
export const tenantPage = pageOf(tenantAnswer, 'By id.').meta({ id: 'TenantPage' });

export const API_KEYS_OF_USER = ['keep', 'revoke'] as const;

const password = z.string().meta({ description: '8 to 256 characters.' });

export const userBody = z
  .strictObject({
    tenant: z.string(),
    username: z.string().meta({ description: 'No other user of any tenant has it.' }),
    password,
    scopes,
  })
  .meta({ id: 'NewUser' });

export const userChangeBody = z
  .strictObject({ password: password.optional(), scopes: scopes.optional() })
  .meta({ id: 'UserChange' });

export const userAnswer = z
  .strictObject({
    id: z.string().regex(/^usr_[0-9a-f]{32}$/),
    tenant: z.string(),
    username: z.string(),
    scopes: answeredScopes,
    created_at: answeredTime,
  })
  .meta({ id: 'User' });
export const userPage = pageOf(userAnswer, 'Newest first.').meta({ id: 'UserPage' });

export const portalLinkBody = z
  .strictObject({
    tenant: z.string().nullish().meta({ description: 'Your own without it; another one takes `tenants:admin`.' }),
    session: span.nullish().meta({ description: 'So long its token is good: an hour without it, a day at most.' }),
  })
  .meta({ id: 'PortalLinkSettings' });

export const portalLinkAnswer = z
  .strictObject({
    id: z.string(),
    tenant: z.string(),
    code: z.string().meta({ description: 'Good for once, at `POST /auth/portal`.' }),
    url: z
      .string()
      .nullable()
      .meta({ description: '`gateway.portal_url` with the code as its fragment; null without one.' }),
    expires_at: answeredTime.meta({ description: 'From then on the code can’t be used.' }),
  })
  .meta({ id: 'PortalLink' });

export const portalBody = z.strictObject({ code: z.string() }).meta({ id: 'PortalCode' });

export const portalAnswer = z
  .strictObject({
    token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().min(0).meta({ description: 'Seconds.' }),
    tenant: z.string(),
    scopes: answeredScopes,
  })
  .meta({ id: 'PortalToken' });
