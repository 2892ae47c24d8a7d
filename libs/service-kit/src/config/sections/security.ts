import { secretKey } from '@hookline/domain';
import { z } from 'zod';
import { isPem, keyProblem, linesOf } from '../../identity/configured-keys.ts';
import { duration, flag, list, optionalText, plainText } from '../values.ts';

export const securitySection = z
  .strictObject({
    jwt_secret: keyText()
      .meta({ example: '"$(openssl rand -base64 48)"' })
      .describe(
        'Signs and verifies tokens. At least 32 characters (HS256), the same for all services; or keys in PEM (ES256, ES384, RS256), of which the first signs, and where public ones are enough for all but the registry ([authentication.md](authentication.md#signing-keys))',
      ),
    jwt_previous: z
      .string()
      .superRefine((text, context) => {
        for (const part of isPem(text) ? [text] : linesOf(text)) addKeyProblem(part, context);
      })
      .optional()
      .meta({ example: '"$(cat old-secret)"' })
      .describe('What signed before: tokens of it are accepted still. Secrets, a line each, or keys in PEM'),
    jwt_issuer: plainText('hookline').describe('What tokens say that they are from'),
    jwt_audience: plainText('hookline').describe('What tokens say that they are for'),
    jwt_expiry: duration('1h').describe('How long a token is valid'),
    refresh_expiry: duration('30d').describe('How long a login can be refreshed'),
    encryption_key: z
      .string()
      .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64')
      .meta({ example: '"$(openssl rand -base64 32)"' })
      .describe(
        "32 bytes in base64. Seals webhooks' secrets and headers; the same for registry and dispatcher, and not to be lost",
      ),
    encryption_previous_keys: list('"$(cat old-key)"').describe(
      'What sealed before: it opens still, and `npm run keys:rotate` seals anew what it has sealed',
    ),
    hmac_secret: z
      .string()
      .min(32, 'must have at least 32 characters')
      .max(128, 'must have at most 128 characters')
      .refine(
        (text) => !text.startsWith('whsec_') || isWebhookSecret(text),
        'behind whsec_ there must be 24 to 64 bytes in base64',
      )
      .optional()
      .meta({ example: '"whsec_$(openssl rand -base64 32)"' })
      .describe(
        'Signs for webhooks that are created without a secret of their own; without it each gets one made for it. Every tenant that creates one sees it: for those who trust each other',
      ),
    admin_password: z
      .string()
      .min(8, 'must have at least 8 characters')
      .optional()
      .meta({ example: 'a-long-passphrase' })
      .describe('At least 8 characters. The registry makes the user `admin` with it while there is no user'),
    oauth2_enabled: flag(false).describe('Tokens of an outside issuer (OpenID Connect) are accepted, too'),
    oauth2_issuer: z
      .url()
      .optional()
      .meta({ example: 'https://login.example.com' })
      .describe('What its tokens have as `iss`; its keys are found by its discovery document'),
    oauth2_audience: optionalText('hookline').describe('What its tokens must have as `aud`'),
    oauth2_jwks_url: z
      .url()
      .optional()
      .meta({ example: 'https://login.example.com/keys' })
      .describe('Where its keys are, if it has no discovery document'),
    oauth2_tenant_claim: plainText('tenant').describe('The claim that names the tenant'),
    oauth2_scope_claim: plainText('scope').describe(
      'The claim that names the scopes: a list, or text with spaces; those that are not ours say nothing',
    ),
    allow_networks: list('10.1.0.0/16').describe(
      'Networks (CIDR) that webhooks may point into although they are not public. The same for registry and dispatcher',
    ),
  })
  .describe(
    'The dispatcher verifies no tokens and does without `jwt_secret`; gateway, ingestion and observability open no secrets and do without `encryption_key`.',
  );

function keyText() {
  return z.string().superRefine(addKeyProblem);
}

function addKeyProblem(text: string, context: z.RefinementCtx): void {
  const message = keyProblem(text);
  if (message !== null) context.addIssue({ code: 'custom', message });
}

function isWebhookSecret(text: string): boolean {
  try {
    const { symmetricKeySize: bytes = 0 } = secretKey(text);
    return bytes >= 24 && bytes <= 64;
  } catch {
    return false;
  }
}
