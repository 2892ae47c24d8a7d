import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AuditActor } from '@hookline/database';
import { HooklineError, InvalidInput, NotFound, requireScope } from '@hookline/domain';
import {
  depthOfJson,
  readBody,
  sendHttpProblem,
  sendProblem,
  type Authenticator,
  type Log,
  type OpsHandler,
} from '@hookline/service-kit';
import { actorOf, type Audits } from './audit.ts';
import type { ObservabilityMetrics } from './metrics.ts';
import { findRoutes, type Route, type Streamed } from './routes/route.ts';

export interface HttpDeps {
  routes: readonly Route[];
  authenticator: Pick<Authenticator, 'verify'>;
  ops: OpsHandler;
  log: Log;
  metrics: ObservabilityMetrics;
  isDraining: () => boolean;
  auditsOf: (tenant: string, actor: AuditActor) => Audits;
}

const MAX_BODY_BYTES = 64 * 1024;
/** Of objects and lists in each other. */
const MAX_DEPTH = 64;

/** Authenticates, routes, and answers whatever goes wrong with a problem. */
export function createHandler({ routes, authenticator, ops, log, metrics, isDraining, auditsOf }: HttpDeps) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const startedAt = performance.now();
    if (isDraining()) response.shouldKeepAlive = false;
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const found = findRoutes(routes, path);
    const work = found === null ? operate(request, response) : serve(request, response, found.routes, found.id, query);
    void work
      .catch((error: unknown) => {
        if (!(error instanceof HooklineError)) log.error({ err: error }, 'request.failed');
        sendProblem(response, error);
      })
      .finally(() => {
        const route = found?.routes[0]?.path ?? 'other';
        const known = found?.routes.some(({ method }) => method === request.method) ?? request.method === 'GET';
        const method = known ? (request.method as string) : 'other';
        metrics.requests.inc({ method, route, status: response.statusCode });
        metrics.requestDuration.observe({ route }, (performance.now() - startedAt) / 1000);
      });
  };

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    candidates: readonly Route[],
    id: string,
    query: string,
  ): Promise<void> {
    const route = candidates.find(({ method }) => method === request.method);
    if (route === undefined) {
      const allow = candidates.map(({ method }) => method).join(', ');
      const detail = `Ask with ${allow}.`;
      const problem = { status: 405, title: 'Method not allowed', code: 'method_not_allowed', detail };
      sendHttpProblem(response, problem, { allow });
      return;
    }
    const identity = await authenticator.verify(request.headers.authorization);
    const { tenant, subject, scopes } = identity;
    requireScope(scopes, route.scope);
    const body = route.method === 'GET' ? undefined : parseBody(await readBody(request, MAX_BODY_BYTES));
    const audits = auditsOf(tenant, actorOf(identity, request));
    const answer = await route.answer({ tenant, subject, id, query: new URLSearchParams(query), body, audits });
    if (!Buffer.isBuffer(answer)) return stream(response, answer);
    response.writeHead(route.status ?? 200, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  }

  /** Whoever reads slowly holds it up; whoever goes away ends it. */
  async function stream(response: ServerResponse, { mediaType, parts }: Streamed): Promise<void> {
    response.writeHead(200, { 'content-type': mediaType });
    // What breaks it off has cut the connection: nobody is there to be told.
    await pipeline(Readable.from(parts), response).catch((error: unknown) => {
      log.warn({ error: (error as Error).message }, 'answer.broken-off');
    });
  }

  async function operate(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!(await ops(request, response))) throw new NotFound('There is nothing here.');
  }
}

/** @throws InvalidInput */
function parseBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = bytes.toString('utf8');
  if (depthOfJson(text) > MAX_DEPTH) throw new InvalidInput('The body is too deep.', { code: 'invalid_json' });
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInput('The body is not JSON.', { code: 'invalid_json' });
  }
}
