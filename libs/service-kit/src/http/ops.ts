import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Health } from '../health.ts';
import { sendJson } from './problem.ts';

/** Answers `/health`, `/health/live`, `/health/ready` and `/metrics`; says whether the request was one of these. */
export type OpsHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** @param isLive false: whoever supervises this process had better end it */
export function createOpsHandler(
  health: Health,
  metrics: Pick<Registry, 'metrics' | 'contentType'>,
  isLive: () => Promise<boolean> = async () => true,
): OpsHandler {
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const path = request.url?.split('?')[0];
    switch (path) {
      case '/health':
      case '/health/ready': {
        const report = await health.report();
        sendJson(response, report.ready ? 200 : 503, report);
        return true;
      }
      case '/health/live': {
        const live = await isLive();
        sendJson(response, live ? 200 : 503, { status: live ? 'ok' : 'unavailable', live });
        return true;
      }
      case '/metrics': {
        const text = await metrics.metrics();
        response.writeHead(200, { 'content-type': metrics.contentType });
        response.end(text);
        return true;
      }
      default:
        return false;
    }
  };
}
