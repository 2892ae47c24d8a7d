import type { EventTypeMessage, RegistryHandlers } from '@hookline/contracts/grpc';
import { InvalidInput, isEventType } from '@hookline/domain';
import { EVENT_TYPE_LIMITS } from '../event-types/check-event-type.ts';
import type { EventTypes } from '../event-types/event-types.ts';
import type { StoredEventType } from '../event-types/store.ts';
import { fitting } from './page.ts';
import type { Authenticated } from './unary.ts';

type Calls = 'PutEventType' | 'GetEventType' | 'ListEventTypes' | 'DeleteEventType';

export function eventTypeHandlers(eventTypes: EventTypes, authenticated: Authenticated): Pick<RegistryHandlers, Calls> {
  return {
    PutEventType: authenticated('PutEventType', 'webhooks:write', async (request, { tenant }) => {
      const { eventType, create, ifVersion } = request;
      if (eventType === null) throw new InvalidInput('The field event_type is missing.');
      return eventTypeMessage(await eventTypes.put(tenant, eventType, { create, ifVersion }));
    }),
    GetEventType: authenticated('GetEventType', 'webhooks:read', async ({ name }, { tenant }) =>
      eventTypeMessage(await eventTypes.get(tenant, name)),
    ),
    ListEventTypes: authenticated('ListEventTypes', 'webhooks:read', async (request, { tenant }) => {
      const { limit, after } = pageOf(request);
      // One more tells whether there is a next page.
      const found = await eventTypes.list(tenant, { limit: limit + 1, after });
      const page = fitting(found.slice(0, limit).map(eventTypeMessage));
      const last = found.length > page.length ? page.at(-1) : undefined;
      const nextCursor = last === undefined ? '' : Buffer.from(last.name, 'latin1').toString('base64url');
      return { eventTypes: page, nextCursor };
    }),
    DeleteEventType: authenticated('DeleteEventType', 'webhooks:write', async (request, { tenant }) => {
      await eventTypes.remove(tenant, request.name, request.ifVersion);
      return {};
    }),
  };
}

function eventTypeMessage(type: StoredEventType): EventTypeMessage {
  return {
    name: type.name,
    description: type.description ?? '',
    ...(type.example === null ? {} : { example: type.example }),
    ...(type.schema === null ? {} : { schema: type.schema }),
    onMismatch: type.onMismatch,
    createdAt: type.createdAt.toISOString(),
    updatedAt: type.updatedAt.toISOString(),
    version: type.version,
  };
}

/** A cursor names the last type of the page before. */
function pageOf({ limit, cursor }: { limit: number; cursor: string }): { limit: number; after: string } {
  const { byDefault, max } = EVENT_TYPE_LIMITS.page;
  const after = Buffer.from(cursor, 'base64url').toString('latin1');
  const problems = [];
  if (limit < 0 || limit > max) problems.push({ pointer: '?limit', detail: `must be 1 to ${max}` });
  if (cursor !== '' && !isEventType(after)) {
    problems.push({ pointer: '?cursor', detail: 'must be the next_cursor of a page' });
  }
  if (problems.length > 0) throw new InvalidInput('The page can not be found.', { problems });
  return { limit: limit === 0 ? byDefault : limit, after };
}
