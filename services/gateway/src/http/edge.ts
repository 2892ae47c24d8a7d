import { HooklineError, InvalidInput, requireScope } from '@hookline/domain';
import {
  clientAddress,
  sendHttpProblem,
  sendProblem,
  setSecurityHeaders,
  traceIdOf,
  type Authenticator,
  type Identity,
  type Log,
} from '@hookline/service-kit';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayMetrics } from '../metrics.ts';
import type { Cors } from './cors.ts';
import { HttpProblem } from './http-problem.ts';
import type { EdgeLimits } from './limits.ts';
import { isFromThisMachine, type LocalAccess } from './local-access.ts';
import type { Passed, Route } from './route.ts';

/** What a request is known by; Express' `locals`, where it goes through Express. */
export interface About {
  requestId?: string;
  /** The template of its path. */
  route?: string;
  /** The answer goes on until the client goes: how long it took, and that it did not end, says nothing. */
  streamed?: boolean;
}

/** What every request meets, whichever way it goes. */
export interface Edge {
  /** Names the request, and tells of its answer once that has gone out. */
  observe(request: IncomingMessage, response: ServerResponse, about: About): void;
  /** Gives a request to a tokenless route what it may go without, where that is allowed. */
  lend(request: IncomingMessage, route: Pick<Route, 'tokenless'>): void;
  /** @throws Unauthenticated, RateLimited for whoever asks too often; Forbidden */
  admit(request: IncomingMessage, response: ServerResponse, access: Route['access']): Promise<Identity>;
  passedOn(request: IncomingMessage, about: About): Passed;
  /** Where the client is, for the audit log. */
  addressOf(request: IncomingMessage): string;
  answerError(request: IncomingMessage, response: ServerResponse, about: About, error: unknown): void;
}

export interface EdgeDependencies {
  authenticator: Pick<Authenticator, 'verify'>;
  limits: EdgeLimits;
  log: Log;
  metrics: GatewayMetrics;
  /** Where some routes may be used without a token. */
  local?: LocalAccess | undefined;
  isDraining: () => boolean;
  cors: Cors;
  /** Whether the gateway itself speaks TLS. */
  secure: boolean;
  trustedProxies: number;
}

const NOBODY: Identity = { tenant: '', subject: '', scopes: [], via: 'login', credential: null };
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export function createEdge({
  authenticator,
  limits,
  log,
  metrics,
  local,
  isDraining,
  cors,
  secure,
  trustedProxies,
}: EdgeDependencies): Edge {
  return {
    observe(request, response, about) {
      const startedAt = performance.now();
      const given = request.headers['x-request-id'];
      const requestId = typeof given === 'string' && /^[\x21-\x7e]{1,128}$/.test(given) ? given : randomUUID();
      about.requestId = requestId;
      response.setHeader('x-request-id', requestId);
      setSecurityHeaders(response, secure);
      cors(request, response);
      if (isDraining()) response.shouldKeepAlive = false;
      response.once('close', () => {
        const { route = 'other' } = about;
        const method = METHODS.has(request.method ?? '') ? request.method! : 'other';
        if (about.streamed === true) return;
        // 499: the client went away before its answer.
        const status = response.writableFinished ? response.statusCode : 499;
        const durationMs = performance.now() - startedAt;
        metrics.requests.inc({ method, route, status });
        metrics.requestDuration.observe({ route }, durationMs / 1000);
        log.debug({ method, route, status, durationMs, requestId }, 'request.finished');
      });
    },

    lend(request, { tokenless = false }) {
      if (!tokenless || local === undefined || request.headers.authorization !== undefined) return;
      if (isFromThisMachine(request)) request.headers.authorization = local.authorization();
    },

    async admit(request, response, access) {
      if (access === 'public') return NOBODY;
      try {
        const identity = await authenticator.verify(request.headers.authorization, () =>
          limits.stranger(request, response),
        );
        // Events are counted where they come in, whichever way they go there.
        if (access !== 'events:publish') limits.tenant(identity, response);
        if (access !== 'token') requireScope(identity.scopes, access);
        return identity;
      } catch (error) {
        if (error instanceof HooklineError && error.intent === 'unauthenticated') {
          limits.anonymous(request, response);
        }
        throw error;
      }
    },

    passedOn({ headers }, about) {
      const passed: Passed = { 'x-request-id': String(about.requestId) };
      for (const name of ['authorization', 'traceparent', 'tracestate'] as const) {
        const value = headers[name];
        if (typeof value === 'string') passed[name] = value;
      }
      return passed;
    },

    addressOf: (request) => clientAddress(request, trustedProxies),

    answerError(request, response, { requestId }, error) {
      if (error instanceof HttpProblem) {
        const { status, title, code, message: detail, headers } = error;
        sendHttpProblem(response, { status, title, code, detail }, headers);
        return;
      }
      if (error instanceof URIError) {
        const detail = 'The path is not valid: % must be followed by two hexadecimal digits of UTF-8.';
        sendProblem(response, new InvalidInput(detail, { code: 'invalid_path' }));
        return;
      }
      const gone = request.destroyed && !request.complete;
      const about = { err: error, requestId, traceId: traceIdOf(request.headers['traceparent']) };
      if (!(error instanceof HooklineError) && !gone) log.error(about, 'request.failed');
      else if (error instanceof HooklineError && error.retryable) log.debug(about, 'request.delayed');
      sendProblem(response, error);
    },
  };
}
