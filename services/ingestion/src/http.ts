import type { IncomingMessage, ServerResponse } from 'node:http';
import { HooklineError, NotFound } from '@hookline/domain';
import {
  sendHttpProblem,
  sendProblem,
  setLeastSecurityHeaders,
  traceIdOf,
  type Log,
  type OpsHandler,
} from '@hookline/service-kit';
import type { createAccept, Door } from './accept.ts';
import type { IngestionMetrics } from './metrics.ts';
import { chooseReader } from './read/choose-reader.ts';

export interface HttpDeps {
  accept: ReturnType<typeof createAccept>;
  ops: OpsHandler;
  log: Log;
  metrics: IngestionMetrics;
  isDraining: () => boolean;
  /** Whether ingestion itself speaks TLS. */
  secure: boolean;
}

/** What web servers commonly log for it; never sent. */
const CLIENT_GONE = 499;

interface Route {
  door: Door;
  isBatch: boolean;
}

export const ROUTES: ReadonlyMap<string, Route> = new Map([
  ['/events', { door: 'public', isBatch: false }],
  ['/events:batch', { door: 'public', isBatch: true }],
  ['/api/v1/events', { door: 'token', isBatch: false }],
  ['/api/v1/events:batch', { door: 'token', isBatch: true }],
]);

/** Routes a request, and answers whatever goes wrong with a problem. */
export function createHandler({ accept, ops, log, metrics, isDraining, secure }: HttpDeps) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const startedAt = performance.now();
    if (isDraining()) response.shouldKeepAlive = false;
    setLeastSecurityHeaders(response, secure);
    const path = pathOf(request);
    const target = ROUTES.get(path);
    const work = target === undefined ? operate(request, response) : publish(request, response, target);
    void work
      .catch((error: unknown) => answerError(request, response, error, target !== undefined))
      .finally(() => {
        const route = target === undefined ? 'other' : path;
        const method = request.method === 'POST' || request.method === 'GET' ? request.method : 'other';
        metrics.requests.inc({ method, route, status: response.statusCode });
        metrics.requestDuration.observe({ route }, (performance.now() - startedAt) / 1000);
      });
  };

  async function publish(request: IncomingMessage, response: ServerResponse, { door, isBatch }: Route): Promise<void> {
    if (request.method !== 'POST') return refuseMethod(response);
    const reader = chooseReader(request.headers, isBatch);
    if (reader === null) return refuseContentType(response, isBatch);
    await accept(request, response, door, reader);
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

  function refuseContentType(response: ServerResponse, isBatch: boolean): void {
    metrics.rejected.inc({ reason: 'unsupported_media_type' });
    const detail = isBatch
      ? 'Send {"events": [...]} as JSON in UTF-8, not compressed, with the header content-type: application/json.'
      : 'Send the event as JSON in UTF-8, not compressed, with the header content-type: application/json, or as a CloudEvent.';
    const title = 'Unsupported media type';
    const headers = { accept: isBatch ? 'application/json' : TAKEN };
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
    if (!known) log.error({ err: error, traceId: traceIdOf(request.headers['traceparent']) }, 'request.failed');
    sendProblem(response, error);
  }
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

const TAKEN = 'application/json, application/cloudevents+json, application/cloudevents-batch+json';
