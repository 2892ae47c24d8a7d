import { HooklineError, InvalidInput, NotFound, requireScope } from '@hookline/domain';
import { sendHttpProblem, sendProblem, type Log, type Tokens } from '@hookline/service-kit';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpProblem, methodNotAllowed } from './http/http-problem.ts';
import type { EdgeLimits } from './http/limits.ts';
import type { Passed, Route } from './http/route.ts';
import type { GatewayMetrics } from './metrics.ts';

/** Something else that is served below a path of its own; it sees the whole path. */
export interface Extra {
  path: string;
  handler: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface AppDependencies {
  routes: readonly Route[];
  tokens: Tokens;
  limits: EdgeLimits;
  log: Log;
  metrics: GatewayMetrics;
  trustedProxies: number;
  extra: Extra | undefined;
  isDraining: () => boolean;
}

const NOBODY = { tenant: '', subject: '', scopes: [] };

/** The public edge: who asks, whether they may, which route; everything that goes wrong is answered with a problem. */
export function createApp(dependencies: AppDependencies): Express {
  const { routes, tokens, limits, extra } = dependencies;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', false);
  app.set('trust proxy', dependencies.trustedProxies);
  app.use(createObserver(dependencies));
  if (extra !== undefined) {
    app.use((request, response, next) => {
      if (request.path !== extra.path && !request.path.startsWith(`${extra.path}/`)) return next();
      response.locals['route'] = extra.path;
      extra.handler(request, response);
    });
  }

  /** @throws Unauthenticated, or RateLimited for whoever tries too often; Forbidden */
  async function admit(request: Request, access: Route['access']) {
    if (access === 'public') return NOBODY;
    try {
      const identity = tokens.verify(request.headers.authorization);
      if (access !== 'token') requireScope(identity.scopes, access);
      return identity;
    } catch (error) {
      if (error instanceof HooklineError && error.intent === 'unauthenticated')
        await limits.anonymous(request.ip ?? '');
      throw error;
    }
  }

  for (const [path, methods] of Map.groupBy(routes, (route) => route.path)) {
    const address = app.route(path.replaceAll(':', '\\:').replace(/\{(\w+)\}/g, ':$1'));
    const allow = methods.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
    for (const route of methods) {
      const name = route.method.toLowerCase() as Lowercase<Route['method']>;
      address[name](async (request: Request, response: Response) => {
        response.locals['route'] = path;
        const identity = await admit(request, route.access);
        const id = String(request.params['id'] ?? '');
        await route.handle({ request, response, identity, id, passed: passedOn(request, response) });
      });
    }
    address.all((request: Request, response: Response) => {
      response.locals['route'] = path;
      if (request.method !== 'OPTIONS') throw methodNotAllowed(allow);
      response.writeHead(204, { allow }).end();
    });
  }

  app.use(() => {
    throw new NotFound('There is nothing here.', { code: 'unknown_route' });
  });
  app.use(createErrorHandler(dependencies.log));
  return app;
}

/** Names the request, and tells of its answer once that has gone out. */
function createObserver({ log, metrics, isDraining }: AppDependencies): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && /^[\x21-\x7e]{1,128}$/.test(given) ? given : randomUUID();
    response.locals['requestId'] = requestId;
    response.setHeader('x-request-id', requestId);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('x-frame-options', 'DENY');
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    if (isDraining()) response.shouldKeepAlive = false;
    response.once('close', () => {
      const route = (response.locals['route'] as string | undefined) ?? 'other';
      const method = METHODS.has(request.method) ? request.method : 'other';
      // 499: the client went away before its answer.
      const status = response.writableFinished ? response.statusCode : 499;
      const durationMs = performance.now() - startedAt;
      metrics.requests.inc({ method, route, status });
      metrics.requestDuration.observe({ route }, durationMs / 1000);
      log.debug({ method, route, status, durationMs, requestId }, 'request.finished');
    });
    next();
  };
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

function passedOn(request: Request, response: Response): Passed {
  const passed: Passed = { 'x-request-id': String(response.locals['requestId']) };
  for (const name of ['authorization', 'traceparent', 'tracestate'] as const) {
    const value = request.headers[name];
    if (typeof value === 'string') passed[name] = value;
  }
  return passed;
}

function createErrorHandler(log: Log): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
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
    const requestId = String(response.locals['requestId']);
    const gone = request.destroyed && !request.complete;
    if (!(error instanceof HooklineError) && !gone) log.error({ err: error, requestId }, 'request.failed');
    else if (error instanceof HooklineError && error.retryable) log.debug({ err: error, requestId }, 'request.delayed');
    sendProblem(response, error);
  };
}
