import type { EventTypeMessage } from '@hookline/contracts/grpc';
import { InvalidInput } from '@hookline/domain';
import { sendJson } from '@hookline/service-kit';
import type { z } from 'zod';
import { etagOf, isKnown, revisionsOf } from '../http/etag.ts';
import { readJson } from '../http/json-body.ts';
import { readPage } from '../http/query.ts';
import type { Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { EVENT_TYPE_DOCS } from './event-type-docs.ts';
import { eventTypeBody } from './schemas.ts';

const ALL = '/api/v1/event-types';
/** `{id}` is the type's name. */
const ONE = '/api/v1/event-types/{id}';

/** The catalogue of event types as a resource. */
export function eventTypeRoutes(registry: RegistryClient): Route[] {
  return [
    {
      method: 'POST',
      path: ALL,
      access: 'webhooks:write',
      doc: EVENT_TYPE_DOCS.create,
      async handle({ request, response, passed }) {
        const body = await readJson(request, eventTypeBody);
        const name = body.name ?? missingName();
        const call = { eventType: messageOf(name, body), create: true, ifVersion: [] };
        const type = await registry.putEventType(call, passed);
        sendJson(response, 201, eventTypeJson(type), { location: `${ALL}/${type.name}`, etag: etagOf(type.version) });
      },
    },
    {
      method: 'GET',
      path: ALL,
      access: 'webhooks:read',
      doc: EVENT_TYPE_DOCS.list,
      async handle({ request, response, passed }) {
        const { eventTypes, nextCursor } = await registry.listEventTypes(readPage(request), passed);
        sendJson(response, 200, {
          data: eventTypes.map(eventTypeJson),
          next_cursor: nextCursor === '' ? null : nextCursor,
        });
      },
    },
    {
      method: 'GET',
      path: ONE,
      access: 'webhooks:read',
      doc: EVENT_TYPE_DOCS.get,
      async handle({ request, response, id: name, passed }) {
        const type = await registry.getEventType({ name }, passed);
        const etag = etagOf(type.version);
        if (isKnown(request.headers['if-none-match'], etag)) response.writeHead(304, { etag }).end();
        else sendJson(response, 200, eventTypeJson(type), { etag });
      },
    },
    {
      method: 'PUT',
      path: ONE,
      access: 'webhooks:write',
      doc: EVENT_TYPE_DOCS.put,
      async handle({ request, response, id: name, passed }) {
        const body = await readJson(request, eventTypeBody);
        if (body.name !== undefined && body.name !== name) otherName();
        const ifVersion = revisionsOf(request.headers['if-match']);
        const type = await registry.putEventType(
          { eventType: messageOf(name, body), create: false, ifVersion },
          passed,
        );
        sendJson(response, type.createdAt === type.updatedAt ? 201 : 200, eventTypeJson(type), {
          etag: etagOf(type.version),
        });
      },
    },
    {
      method: 'DELETE',
      path: ONE,
      access: 'webhooks:write',
      doc: EVENT_TYPE_DOCS.delete,
      async handle({ request, response, id: name, passed }) {
        await registry.deleteEventType({ name, ifVersion: revisionsOf(request.headers['if-match']) }, passed);
        response.writeHead(204).end();
      },
    },
  ];
}

function messageOf(name: string, body: z.infer<typeof eventTypeBody>): EventTypeMessage {
  const { description, example, schema, on_mismatch: onMismatch } = body;
  return {
    name,
    description: description ?? '',
    // null is an example that an event of that type may have.
    ...(example === undefined ? {} : { example: JSON.stringify(example) }),
    ...(schema === undefined || schema === null ? {} : { schema: JSON.stringify(schema) }),
    onMismatch: onMismatch ?? '',
    createdAt: '',
    updatedAt: '',
    version: 0,
  };
}

function eventTypeJson(type: EventTypeMessage) {
  return {
    name: type.name,
    description: type.description === '' ? null : type.description,
    ...(type.example === undefined ? {} : { example: JSON.parse(type.example) as unknown }),
    schema: type.schema === undefined ? null : (JSON.parse(type.schema) as unknown),
    on_mismatch: type.onMismatch,
    created_at: type.createdAt,
    updated_at: type.updatedAt,
  };
}

function missingName(): never {
  throw new InvalidInput('The body is not as it must be.', { problems: [{ pointer: '/name', detail: 'is required' }] });
}

function otherName(): never {
  throw new InvalidInput('The body is not as it must be.', {
    problems: [{ pointer: '/name', detail: 'must be the one in the path' }],
  });
}
