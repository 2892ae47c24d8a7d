import type { IncomingMessage, ServerResponse } from 'node:http';
import { HooklineError, NotFound } from '@hookline/domain';
import { sendHttpProblem, sendProblem, type Log, type OpsHandler } from '@hookline/service-kit';
import type { createAccept, Door } from './accept.ts';
import type { IngestionMetrics } from './metrics.ts';

export interface HttpDeps {
  accept: ReturnType<typeof createAccept>;
  ops: OpsHandler;
  log: Log;
  metrics: IngestionMetrics;
  isDraining: () => boolean;
}

/** What web servers commonly log for it; never sent. */
const CLIENT_GONE = 499;

const DOORS: ReadonlyMap<string, Door> = new Map([
  ['/events', 'public'],
  ['/api/v1/events', 'token'],
]);

/** Routes a request, and answers whatever goes wrong with a problem. */
export function createHandler({ accept, ops, log, metrics, isDraining }: HttpDeps) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const startedAt = performance.now();
    if (isDraining()) response.shouldKeepAlive = false;
    const path = pathOf(request);
    const door = DOORS.get(path);
    const work = door === undefined ? operate(request, response) : publish(request, response, door);
    void work
      .catch((error: unknown) => answerError(request, response, error, door !== undefined))
      .finally(() => {
        const route = door === undefined ? 'other' : path;
        const method = request.method === 'POST' || request.method === 'GET' ? request.method : 'other';
        metrics.requests.inc({ method, route, status: response.statusCode });
        metrics.requestDuration.observe({ route }, (performance.now() - startedAt) / 1000);
      });
  };

  async function publish(request: IncomingMessage, response: ServerResponse, door: Door): Promise<void> {
    if (request.method !== 'POST') return refuseMethod(response);
    if (!isJson(request.headers['content-type'])) return refuseContentType(response);
    await accept(request, response, door);
  }

  async function operate(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!(await ops(request, response))) throw new NotFound('There is nothing here. Events go to POST /api/v1/events.');
  }

  function refuseMethod(response: ServerResponse): void {
    metrics.rejected.inc({ reason: 'method_not_allowed' });
    const detail = 'Events are published with POST.';
    const title = 'Method not allowed';
    sendHttpProblem(response, { status: 405, title, code: 'method_not_allowed', detail }, { allow: 'POST' });
  }

  function refuseContentType(response: ServerResponse): void {
    metrics.rejected.inc({ reason: 'unsupported_media_type' });
    const detail = 'Send the event as JSON in UTF-8, with the header content-type: application/json.';
    const title = 'Unsupported media type';
    const headers = { accept: 'application/json' };
    sendHttpProblem(response, { status: 415, title, code: 'unsupported_media_type', detail }, headers);
  }

  function answerError(request: IncomingMessage, response: ServerResponse, error: unknown, publishing: boolean): void {
    const known = error instanceof HooklineError;
    if (request.destroyed && !request.complete) {
      // Went away in the middle of its request: nobody is there to be answered.
      if (publishing) metrics.rejected.inc({ reason: 'client_gone' });
      response.statusCode = CLIENT_GONE;
      response.destroy();
      return;
    }
    if (publishing) metrics.rejected.inc({ reason: known ? error.code : 'internal_error' });
    if (!known) log.error({ err: error }, 'request.failed');
    sendProblem(response, error);
  }
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?;?$/i;

function isJson(contentType: string | undefined): boolean {
  return contentType === 'application/json' || JSON_TYPE.test(contentType ?? '');
}
