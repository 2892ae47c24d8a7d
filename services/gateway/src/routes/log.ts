import { readBody } from '@hookline/service-kit';
import { withAttempts } from '../dialects/attempts.ts';
import type { Upstream } from '../forward.ts';
import type { Call, DirectCall, Route } from '../http/route.ts';
import type { Operation } from '../openapi/operation.ts';
import type { RegistryClient } from '../registry-client.ts';
import { AUDIT_DOC } from './audit-docs.ts';
import { LOG_DOCS } from './event-docs.ts';

/** What observability reads of a body. */
const MAX_BODY_BYTES = 64 * 1024;

export interface LogRoutesDependencies {
  registry: RegistryClient;
  observability: Upstream;
}

type IdOf = (call: Call) => Promise<string>;

/** What became of events, and what is to become of them: observability answers, in its own words. */
export function logRoutes({ registry, observability }: LogRoutesDependencies): Route[] {
  const forward = (
    method: Route['method'],
    path: string,
    access: Route['access'],
    doc: Operation,
    idOf: IdOf = async ({ id }) => id,
  ): Route => ({
    method,
    path,
    access,
    doc,
    async handle(call) {
      const id = await idOf(call);
      // Made from what was matched: `..` in a client's path leads nowhere else.
      const target = path.replace('{id}', encodeURIComponent(id)) + queryOf(call);
      const what = { path: target, passed: call.passed };
      if (method === 'GET') return observability.forward(call.request, call.response, what);
      const body = await readBody(call.request, MAX_BODY_BYTES);
      await observability.forward(call.request, call.response, { ...what, body });
    },
  });
  const read = (path: string, doc: Operation, idOf?: IdOf) => forward('GET', path, 'deliveries:read', doc, idOf);
  const command = (method: 'POST' | 'DELETE', path: string, doc: Operation) =>
    forward(method, path, 'deliveries:retry', doc);
  // Observability knows of deliveries only: which webhook is meant, and that there is one, perhaps without any, the registry says.
  const webhookOf: IdOf = async ({ id, passed }) => (await registry.getWebhook({ id }, passed)).id;

  // What other systems have at the same address goes without a token where their commands do.
  const tokenless = (route: Route): Route => ({ ...route, tokenless: true });

  return [
    tokenless(read('/api/v1/events', LOG_DOCS.events)),
    tokenless(read('/api/v1/events/{id}', LOG_DOCS.event)),
    read('/api/v1/webhooks/{id}/deliveries', LOG_DOCS.webhookDeliveries, webhookOf),
    read('/api/v1/webhooks/{id}/stats', LOG_DOCS.stats, webhookOf),
    read('/api/v1/stats', LOG_DOCS.tenantStats),
    withAttempts(read('/api/v1/deliveries', LOG_DOCS.deliveries), observability),
    tokenless(read('/api/v1/deliveries/{id}', LOG_DOCS.delivery)),
    read('/api/v1/attempts', LOG_DOCS.attempts),
    read('/api/v1/dead-letters', LOG_DOCS.deadLetters),
    read('/api/v1/dead-letters/{id}', LOG_DOCS.deadLetter),
    command('POST', '/api/v1/events/{id}/cancel', LOG_DOCS.cancelEvent),
    command('DELETE', '/api/v1/events/{id}/content', LOG_DOCS.eraseContent),
    command('POST', '/api/v1/deliveries/{id}/retry', LOG_DOCS.retry),
    command('POST', '/api/v1/deliveries/{id}/cancel', LOG_DOCS.cancelDelivery),
    command('POST', '/api/v1/dead-letters/{id}/replay', LOG_DOCS.replay),
    command('POST', '/api/v1/dead-letters/{id}/resolve', LOG_DOCS.resolve),
    command('DELETE', '/api/v1/dead-letters', LOG_DOCS.purge),
    command('POST', '/api/v1/recoveries', LOG_DOCS.recover),
    read('/api/v1/recoveries', LOG_DOCS.recoveries),
    forward('GET', '/api/v1/audit-log', 'audit:read', AUDIT_DOC),
    read('/api/v1/recoveries/{id}', LOG_DOCS.recovery),
    command('POST', '/api/v1/recoveries/{id}/pause', LOG_DOCS.turn('pause')),
    command('POST', '/api/v1/recoveries/{id}/resume', LOG_DOCS.turn('resume')),
    command('POST', '/api/v1/recoveries/{id}/cancel', LOG_DOCS.turn('cancel')),
  ];
}

export function queryOf({ request: { url = '' } }: Pick<DirectCall, 'request'>): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
}
