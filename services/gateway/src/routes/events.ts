import { Unavailable } from '@hookline/domain';
import { announcedBytes, createAdmission, readBody, sendJson, type Tracer } from '@hookline/service-kit';
import { mayBeForeign, publishForeign, translateEvent } from '../dialects/foreign-event.ts';
import type { Upstream } from '../forward.ts';
import type { DirectCall, DirectRoute, Passed } from '../http/route.ts';
import type { Operation } from '../openapi/operation.ts';
import type { RegistryClient } from '../registry-client.ts';
import { PUBLISH_DOCS } from './event-docs.ts';
import { queryOf } from './log.ts';

/** A batch, which may come to the address of one event too; ingestion draws the exact lines. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Requests under way, and the bytes of their bodies: those that arrive slowly count as well. */
const MAX_UNDER_WAY = 4_096;
const MAX_BYTES_UNDER_WAY = 128 * 1024 * 1024;

/** What web servers commonly log for it; never sent. */
const CLIENT_GONE = 499;

export interface EventRoutesDependencies {
  registry: RegistryClient;
  ingestion: Pick<Upstream, 'forward' | 'ask'>;
  tracer: Tracer;
}

/** What happened: ingestion answers, in its own words. */
export function eventRoutes({ registry, ingestion, tracer }: EventRoutesDependencies): DirectRoute[] {
  const admission = createAdmission(MAX_UNDER_WAY, MAX_BYTES_UNDER_WAY);

  /** @param bilingual whether it takes the form of another system, too */
  const publish = (path: string, doc: Operation, bilingual: boolean): DirectRoute => ({
    method: 'POST',
    path,
    access: 'events:publish',
    tokenless: bilingual,
    doc,
    async handle(call) {
      const bodyBytes = announcedBytes(call.request, MAX_BODY_BYTES);
      if (!admission.enter(bodyBytes))
        throw new Unavailable('Too many requests are under way.', { code: 'overloaded' });
      try {
        const passed = traced(call, tracer);
        // Read before it is passed on: a slow client costs ingestion nothing.
        const body = await readBody(call.request, MAX_BODY_BYTES);
        const foreign = bilingual && mayBeForeign(call.request.headers) ? translateEvent(body) : null;
        if (foreign !== null) {
          sendJson(call.response, 201, await publishForeign(foreign, { ...call, passed }, { registry, ingestion }));
          return;
        }
        await ingestion.forward(call.request, call.response, { path: path + queryOf(call), body, passed });
      } finally {
        admission.leave(bodyBytes);
      }
    },
  });

  return [
    publish('/api/v1/events', PUBLISH_DOCS.one, true),
    publish('/api/v1/events:batch', PUBLISH_DOCS.batch, false),
  ];
}

/** What goes on, within a span that ends with the answer. */
function traced({ passed, response, identity }: DirectCall, tracer: Tracer): Passed {
  const span = tracer.begin('event.publish', passed.traceparent);
  if (span === null) return passed;
  response.once('close', () => {
    const status = response.writableFinished ? response.statusCode : CLIENT_GONE;
    const attributes = { 'hookline.tenant': identity.tenant, 'http.response.status_code': status };
    span.end(attributes, status < 500 ? null : String(status));
  });
  return { ...passed, traceparent: span.traceparent };
}
