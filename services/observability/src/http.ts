import type { IncomingMessage, ServerResponse } from 'node:http';
import { HooklineError, NotFound, requireScope } from '@hookline/domain';
import { sendHttpProblem, sendProblem, type Log, type OpsHandler, type Tokens } from '@hookline/service-kit';
import type { ObservabilityMetrics } from './metrics.ts';
import { findRoute, type Route } from './routes.ts';

export interface HttpDeps {
  routes: readonly Route[];
  tokens: Tokens;
  ops: OpsHandler;
  log: Log;
  metrics: ObservabilityMetrics;
  isDraining: () => boolean;
}

/** Authenticates, routes, and answers whatever goes wrong with a problem. */
export function createHandler({ routes, tokens, ops, log, metrics, isDraining }: HttpDeps) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const startedAt = performance.now();
    if (isDraining()) response.shouldKeepAlive = false;
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const found = findRoute(routes, path);
    const work = found === null ? operate(request, response) : read(request, response, found.route, found.id, query);
    void work
      .catch((error: unknown) => {
        if (!(error instanceof HooklineError)) log.error({ err: error }, 'request.failed');
        sendProblem(response, error);
      })
      .finally(() => {
        const route = found?.route.path ?? 'other';
        const method = request.method === 'GET' ? 'GET' : 'other';
        metrics.requests.inc({ method, route, status: response.statusCode });
        metrics.requestDuration.observe({ route }, (performance.now() - startedAt) / 1000);
      });
  };

  async function read(
    request: IncomingMessage,
    response: ServerResponse,
    route: Route,
    id: string,
    query: string,
  ): Promise<void> {
    if (request.method !== 'GET') {
      const problem = { status: 405, title: 'Method not allowed', code: 'method_not_allowed', detail: 'Ask with GET.' };
      sendHttpProblem(response, problem, { allow: 'GET' });
      return;
    }
    const { tenant, scopes } = tokens.verify(request.headers.authorization);
    requireScope(scopes, 'deliveries:read');
    const body = await route.answer({ tenant, id, query: new URLSearchParams(query) });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  }

  async function operate(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!(await ops(request, response))) throw new NotFound('There is nothing here.');
  }
}
