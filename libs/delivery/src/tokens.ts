import { createHash } from 'node:crypto';
import { isOurs, type AttemptResult, type WebhookCredentials } from '@hookline/domain';
import { failedResult } from './failed-result.ts';
import type { Post } from './prepared-send.ts';
import type { PlainRequest } from './sender.ts';
import { createTokenIdentity, type TlsIdentity } from './tls-identity.ts';

type Oauth2 = Extract<NonNullable<WebhookCredentials['authorization']>, { type: 'oauth2' }>;

/** Who asks which token endpoint (RFC 6749, client credentials), prepared once per version of a webhook. */
export interface OauthClient {
  /** The same for equal ones: they share a token. */
  readonly key: string;
  readonly origin: string;
  readonly path: string;
  /** Without what may be secret of its URL. */
  readonly endpoint: string;
  readonly credentials: Oauth2;
  readonly tls: TlsIdentity | undefined;
}

/** @throws TypeError if the token endpoint's URL is none */
export function createOauthClient(credentials: Oauth2, caBundle: string | undefined): OauthClient {
  const { tokenUrl, clientId, clientSecret, scope } = credentials;
  const { origin, pathname, search } = new URL(tokenUrl);
  const key = createHash('sha256')
    .update(JSON.stringify([tokenUrl, clientId, clientSecret, scope, caBundle]))
    .digest('base64');
  return {
    key,
    origin,
    path: pathname + search,
    endpoint: origin + pathname,
    credentials,
    tls: createTokenIdentity(caBundle),
  };
}

export interface UsableToken {
  kind: 'token';
  authorization: string;
  /** It was there already, so another one may be accepted where this one is not. */
  renewable: boolean;
}

export type Token =
  | UsableToken
  /** What the attempt that wanted it comes to. */
  | { kind: 'none'; result: AttemptResult };

/** Tokens until shortly before they expire, and one question at a time for each. */
export interface Tokens {
  get(client: OauthClient): Promise<Token>;
  /**
   * The receiver does not accept it. One that is renewable is forgotten: the next `get` asks for another, unless somebody has done so already. Of one
   * that is not, another would be no better: it is not renewed for a while.
   */
  refused(client: OauthClient, token: UsableToken): void;
}

const MOST_TOKENS = 10_000;
const ASK_TIMEOUT_MS = 10_000;
/** For so long an endpoint that gave no token is not asked again for it. */
const FAILURE_MS = 5_000;
/** For so long a new token that was refused is taken for as good as can be had. */
const STANDS_MS = 60_000;
/** Where the endpoint doesn't say. */
const LIFETIME_MS = 300_000;
/** A token is given up so long before it expires, and at the latest after nine tenths of its life. */
const MARGIN_MS = 60_000;
const MOST_ANSWER_BYTES = 64 * 1024;

interface Entry {
  answer: Promise<Token>;
  authorization: string | null;
  /** Infinity while it is asked for. */
  untilMs: number;
  renewableAtMs: number;
}

export function createTokens(post: Post): Tokens {
  /** The longest unused first. */
  const entries = new Map<string, Entry>();

  function ask(client: OauthClient): Entry {
    const answered = request(post, client);
    const entry: Entry = {
      answer: answered.then(({ token }) => token),
      authorization: null,
      untilMs: Infinity,
      renewableAtMs: 0,
    };
    void answered.then(({ token, lifetimeMs }) => {
      entry.untilMs = performance.now() + lifetimeMs;
      if (token.kind === 'token') entry.authorization = token.authorization;
    });
    return entry;
  }

  return {
    async get(client) {
      const known = entries.get(client.key);
      const entry = known !== undefined && known.untilMs > performance.now() ? known : ask(client);
      const renewable = entry.authorization !== null && entry.renewableAtMs <= performance.now();
      entries.delete(client.key);
      entries.set(client.key, entry);
      if (entries.size > MOST_TOKENS) entries.delete(entries.keys().next().value as string);
      const token = await entry.answer;
      return token.kind === 'token' ? { ...token, renewable } : token;
    },
    refused(client, { authorization, renewable }) {
      const entry = entries.get(client.key);
      if (entry?.authorization !== authorization) return;
      if (renewable) entries.delete(client.key);
      else entry.renewableAtMs = performance.now() + STANDS_MS;
    },
  };
}

interface Answered {
  token: Token;
  lifetimeMs: number;
}

/** Who the client is goes into a header, as every endpoint must take it; to those that refuse that all the same, into the body. */
async function request(post: Post, client: OauthClient): Promise<Answered> {
  const byHeader = await question(post, client, 'header');
  const refused = byHeader.status === 401 || oauthError(byHeader) === 'invalid_client';
  return read(client, refused ? await question(post, client, 'body') : byHeader);
}

function question(post: Post, client: OauthClient, proof: 'header' | 'body'): Promise<AttemptResult> {
  const { clientId, clientSecret, scope } = client.credentials;
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
  const headers = ['content-type', 'application/x-www-form-urlencoded', 'accept', 'application/json'];
  if (proof === 'header') {
    const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
    headers.push('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
  } else {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  const plain: PlainRequest = {
    origin: client.origin,
    path: client.path,
    headers,
    body: Buffer.from(form.toString()),
    timeoutMs: ASK_TIMEOUT_MS,
    tls: client.tls,
    keepBytes: MOST_ANSWER_BYTES,
  };
  return new Promise((resolve) => post(plain, resolve));
}

function read(client: OauthClient, result: AttemptResult): Answered {
  const { status, failure } = result;
  if (isOurs(failure)) return { token: { kind: 'none', result }, lifetimeMs: 0 };
  const answer = parse(result);
  const { access_token: token, token_type: type, expires_in: expiresIn } = answer;
  if (failure !== null || typeof token !== 'string' || !TOKEN.test(token) || !/^bearer$/i.test(String(type))) {
    const why =
      result.error ??
      oauthError(result) ??
      (failure === null ? 'its answer holds no bearer token' : `status ${status}`);
    const none = failedResult(result.startedAtMs, 'authorisation', `no token from ${client.endpoint}: ${why}`);
    return { token: { kind: 'none', result: { ...none, retryAfterMs: result.retryAfterMs } }, lifetimeMs: FAILURE_MS };
  }
  const seconds = Number(expiresIn);
  const lifetimeMs = seconds > 0 ? seconds * 1_000 : LIFETIME_MS;
  return {
    token: { kind: 'token', authorization: `Bearer ${token}`, renewable: false },
    lifetimeMs: lifetimeMs - Math.min(MARGIN_MS, lifetimeMs / 10),
  };
}

/** What a header takes. */
const TOKEN = /^[\x21-\x7e]+$/;

/** The code that the endpoint gives (RFC 6749, 5.2); nothing else of its answer is shown. */
function oauthError(result: AttemptResult): string | null {
  const { error } = parse(result);
  return typeof error === 'string' && /^[a-z_]{1,64}$/.test(error) ? error : null;
}

function parse({ responseBody }: AttemptResult): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(responseBody ?? '');
    return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
