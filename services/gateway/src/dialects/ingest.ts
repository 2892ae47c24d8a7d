import { memberSlice } from '@hookline/contracts';
import { isEventType, InvalidInput, Unauthenticated } from '@hookline/domain';
import { sendJson } from '@hookline/service-kit';
import type { IncomingMessage } from 'node:http';
import { askJson } from '../ask-json.ts';
import type { Upstream } from '../forward.ts';
import { readJsonText } from '../http/json-body.ts';
import type { Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { INGEST_DOCS, signedBody } from './ingest-docs.ts';
import type { EventJson } from './log-json.ts';
import { taskStatus } from './task-status.ts';

export interface IngestDependencies {
  registry: RegistryClient;
  ingestion: Upstream;
  observability: Upstream;
}

/** Events with a signature of their own, and what became of them as a task queue says it. */
export function ingestRoutes({ registry, ingestion, observability }: IngestDependencies): Route[] {
  return [
    {
      method: 'POST',
      path: '/ingest/{id}',
      access: 'events:publish',
      tokenless: true,
      doc: INGEST_DOCS.ingest,
      async handle({ request, response, id, passed }) {
        const eventType = eventTypeOf(request);
        const { text, value } = await readJsonText(request, signedBody);
        const data = memberSlice(text, 'body') ?? 'null';
        const signed = typeof value.body === 'string' ? value.body : data;
        const inbound = { id, eventType, body: Buffer.from(signed, 'utf8'), signature: value.signature };
        const { isSigned, isWanted } = await registry.verifyInbound(inbound, passed);
        if (!isSigned) {
          const message =
            'The signature is not the HMAC-SHA256, in hex, of the body with the secret of the subscription.';
          throw new Unauthenticated(message, { code: 'wrong_signature' });
        }
        if (!isWanted) throw wrongType('is not what the subscription is for');
        const source = `/subscriptions/${id}`;
        const head = JSON.stringify({ type: eventType, source });
        const event = Buffer.from(`${head.slice(0, -1)},"data":${data}}`, 'utf8');
        const what = { method: 'POST', path: '/api/v1/events', body: event, passed } as const;
        const { json } = await askJson<{ id: string }>(ingestion, what);
        const answer = { task_id: json.id, status: taskStatus([]), subscription_id: id, event_type: eventType };
        sendJson(response, 202, answer, { location: `/status/${encodeURIComponent(json.id)}` });
      },
    },
    {
      method: 'GET',
      path: '/status/{id}',
      access: 'deliveries:read',
      tokenless: true,
      doc: INGEST_DOCS.status,
      async handle({ response, id, passed }) {
        const path = `/api/v1/events/${encodeURIComponent(id)}`;
        const { json } = await askJson<EventJson>(observability, { method: 'GET', path, passed });
        sendJson(response, 200, {
          task_id: json.id,
          status: taskStatus(json.deliveries),
          event_type: json.type,
          created_at: json.accepted_at,
          deliveries: json.deliveries.map(({ webhook_id, state, attempt_count, last_status }) => ({
            subscription_id: webhook_id,
            status: taskStatus([{ state }]),
            attempts: attempt_count,
            status_code: last_status,
          })),
        });
      },
    },
  ];
}

function eventTypeOf({ headers }: IncomingMessage): string {
  const type = headers['x-event-type'];
  if (typeof type !== 'string' || type === '') throw wrongType('is required');
  if (!isEventType(type)) throw wrongType('must be words with dots between, e.g. order.created');
  return type;
}

function wrongType(detail: string): InvalidInput {
  return new InvalidInput('The header X-Event-Type is not as it must be.', {
    problems: [{ pointer: 'x-event-type', detail }],
  });
}
