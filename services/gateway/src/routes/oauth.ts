import { HooklineError } from '@hookline/domain';
import { readBody, sendJson } from '@hookline/service-kit';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessClient } from '../access-client.ts';
import type { EdgeLimits } from '../http/limits.ts';
import type { Call, Route } from '../http/route.ts';
import { OAUTH_DOCS } from './oauth-docs.ts';

const MAX_BYTES = 16 * 1024;
const FORM_TYPE = /^application\/x-www-form-urlencoded[ \t]*(?:;.*)?$/i;
/** RFC 6749, 5.1. */
const NOT_STORED = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** RFC 6749, 5.2. */
type Failure = 'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type';

/** OAuth 2.0 for programs that know nothing else: client credentials (RFC 6749, 4.4), where the client is an API key. */
export function oauthRoutes(access: AccessClient, limits: EdgeLimits): Route[] {
  return [
    {
      method: 'POST',
      path: '/oauth/token',
      access: 'public',
      doc: OAUTH_DOCS.token,
      async handle(call) {
        limits.anonymous(call.request, call.response);
        await answerGrant(access, call);
      },
    },
  ];
}

async function answerGrant(access: AccessClient, { request, response, passed }: Call): Promise<void> {
  const form = await readForm(request);
  if (form === null) return refuse(response, 'invalid_request', 'Send a form, each parameter at most once.');
  const client = clientOf(request.headers.authorization, form);
  if (client === null) return refuse(response, 'invalid_request', 'Say who the client is, in one way.');
  const grantType = form.get('grant_type');
  if (grantType === null) return refuse(response, 'invalid_request', 'grant_type is missing.');
  if (grantType !== 'client_credentials') {
    return refuse(response, 'unsupported_grant_type', 'There is client_credentials only.');
  }
  try {
    const wanted = { clientId: client.id, clientSecret: client.secret, scope: form.get('scope') ?? '' };
    const { token, expiresIn, scope } = await access.issueClientToken(wanted, passed);
    sendJson(response, 200, { access_token: token, token_type: 'Bearer', expires_in: expiresIn, scope }, NOT_STORED);
  } catch (error) {
    if (!(error instanceof HooklineError)) throw error;
    if (error.intent === 'unauthenticated') return refuse(response, 'invalid_client', error.message);
    if (error.intent === 'invalid_input') return refuse(response, 'invalid_scope', error.message);
    throw error;
  }
}

/** null: it is none, or has a parameter twice. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  const body = await readBody(request, MAX_BYTES);
  if (!FORM_TYPE.test(request.headers['content-type'] ?? '')) return null;
  const form = new URLSearchParams(body.toString('utf8'));
  const names = [...form.keys()];
  return new Set(names).size === names.length ? form : null;
}

/** By Basic authentication, its parts form-encoded (2.3.1), or by two parameters; null: by neither, or both. */
function clientOf(authorization: string | undefined, form: URLSearchParams): { id: string; secret: string } | null {
  const [id, secret] = [form.get('client_id'), form.get('client_secret')];
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (authorization === undefined) return id === null || secret === null ? null : { id, secret };
  if (encoded === undefined || secret !== null) return null;
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  const [decodedUser, decodedPassword] = [formDecoded(user), formDecoded(password)];
  if (decodedUser === null || decodedPassword === null || (id !== null && id !== decodedUser)) return null;
  return { id: decodedUser, secret: decodedPassword };
}

function formDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

function refuse(response: ServerResponse, error: Failure, description: string): void {
  const isClient = error === 'invalid_client';
  const headers = isClient ? { ...NOT_STORED, 'www-authenticate': 'Basic realm="hookline"' } : NOT_STORED;
  sendJson(response, isClient ? 401 : 400, { error, error_description: description }, headers);
}
