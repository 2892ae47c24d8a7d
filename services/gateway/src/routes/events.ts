import { readBody, type Tracer } from '@hookline/service-kit';
import type { Upstream } from '../forward.ts';
import type { Call, Passed, Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';

/** A batch, which may come to the address of one event too; ingestion draws the exact lines. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** What web servers commonly log for it; never sent. */
const CLIENT_GONE = 499;

export interface EventRoutesDependencies {
  registry: RegistryClient;
  ingestion: Upstream;
  observability: Upstream;
  tracer: Tracer;
}

/** What happened and what became of it: ingestion and observability answer, in their own words. */
export function eventRoutes({ registry, ingestion, observability, tracer }: EventRoutesDependencies): Route[] {
  const read = (path: string, idOf: (call: Call) => Promise<string> = async ({ id }) => id): Route => ({
    method: 'GET',
    path,
    access: 'deliveries:read',
    async handle(call) {
      const id = await idOf(call);
      // Made from what was matched: `..` in a client's path leads nowhere else.
      const target = path.replace('{id}', encodeURIComponent(id)) + queryOf(call);
      await observability.forward(call.request, call.response, { path: target, passed: call.passed });
    },
  });

  const publish = (path: string): Route => ({
    method: 'POST',
    path,
    access: 'events:publish',
    async handle(call) {
      const passed = traced(call, tracer);
      // Read before it is passed on: a slow client costs ingestion nothing.
      const body = await readBody(call.request, MAX_BODY_BYTES);
      await ingestion.forward(call.request, call.response, { path: path + queryOf(call), body, passed });
    },
  });

  return [
    publish('/api/v1/events'),
    publish('/api/v1/events:batch'),
    read('/api/v1/events/{id}'),
    // Observability knows of deliveries only: which webhook is meant, and that there is one, perhaps without any, the registry says.
    read('/api/v1/webhooks/{id}/deliveries', async ({ id, passed }) => (await registry.getWebhook({ id }, passed)).id),
    read('/api/v1/deliveries/{id}'),
    read('/api/v1/dead-letters'),
    read('/api/v1/dead-letters/{id}'),
  ];
}

/** What goes on, within a span that ends with the answer. */
function traced({ passed, response, identity }: Call, tracer: Tracer): Passed {
  const span = tracer.begin('event.publish', passed.traceparent);
  if (span === null) return passed;
  response.once('close', () => {
    const status = response.writableFinished ? response.statusCode : CLIENT_GONE;
    const attributes = { 'hookline.tenant': identity.tenant, 'http.response.status_code': status };
    span.end(attributes, status < 500 ? null : String(status));
  });
  return { ...passed, traceparent: span.traceparent };
}

function queryOf({ request }: Call): string {
  const at = request.originalUrl.indexOf('?');
  return at < 0 ? '' : request.originalUrl.slice(at);
}
