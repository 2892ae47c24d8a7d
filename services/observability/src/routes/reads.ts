import { FILTERS } from '@hookline/contracts/api';
import { NotFound } from '@hookline/domain';
import {
  deadLetterAnswer,
  deadLetterItem,
  deliveryAnswer,
  deliveryItem,
  eventAnswer,
  eventItem,
  listedAttempt,
} from '../read/answers.ts';
import type { createFindEvent } from '../read/find-event.ts';
import type { DeliveryFound } from '../read/found.ts';
import { readPageRequest, type Allowed } from '../read/page-request.ts';
import type { Queries } from '../read/queries.ts';
import { json, list, type Route } from './route.ts';

export interface ReadRoutesDeps {
  queries: Queries;
  findEvent: ReturnType<typeof createFindEvent>;
}

const EVENTS: Allowed = { filters: FILTERS.events, metadata: true };
const DELIVERIES: Allowed = { filters: FILTERS.deliveries };
const WEBHOOK_DELIVERIES: Allowed = { filters: FILTERS.webhookDeliveries };
const ATTEMPTS: Allowed = { filters: FILTERS.attempts };
const DEAD_LETTERS: Allowed = { filters: FILTERS.deadLetters };

const READ = { method: 'GET', scope: 'deliveries:read' } as const;

export function readRoutes({ queries, findEvent }: ReadRoutesDeps): Route[] {
  async function itemsOf(deliveries: readonly DeliveryFound[]): Promise<object[]> {
    const attempts = Map.groupBy(await queries.latestAttempts(deliveries), ({ delivery_id }) => delivery_id);
    return deliveries.map((delivery) => deliveryItem(delivery, attempts.get(delivery.id) ?? []));
  }

  return [
    {
      ...READ,
      path: '/api/v1/events',
      async answer({ tenant, query }) {
        const page = await queries.events(tenant, readPageRequest(query, EVENTS));
        return list(page, page.rows.map(eventItem));
      },
    },
    {
      ...READ,
      path: '/api/v1/events/{id}',
      async answer({ tenant, id }) {
        const event = await findEvent(tenant, id);
        const deliveries = await queries.deliveriesOfEvent(tenant, event);
        return eventAnswer(event, await itemsOf(deliveries.rows), deliveries.more);
      },
    },
    {
      ...READ,
      path: '/api/v1/webhooks/{id}/deliveries',
      async answer({ tenant, id, query }) {
        const request = readPageRequest(query, WEBHOOK_DELIVERIES);
        const page = await queries.deliveries(tenant, { ...request, filters: { ...request.filters, webhook: id } });
        return list(page, await itemsOf(page.rows));
      },
    },
    {
      ...READ,
      path: '/api/v1/deliveries',
      async answer({ tenant, query }) {
        const page = await queries.deliveries(tenant, readPageRequest(query, DELIVERIES));
        return list(page, await itemsOf(page.rows));
      },
    },
    {
      ...READ,
      path: '/api/v1/deliveries/{id}',
      async answer({ tenant, id }) {
        const delivery = await queries.delivery(tenant, id);
        if (delivery === null) throw new NotFound(`There is no delivery ${id.slice(0, 300)}.`);
        return json(deliveryAnswer(delivery, await queries.attempts(delivery)));
      },
    },
    {
      ...READ,
      path: '/api/v1/attempts',
      async answer({ tenant, query }) {
        const page = await queries.listAttempts(tenant, readPageRequest(query, ATTEMPTS));
        return list(page, page.rows.map(listedAttempt));
      },
    },
    {
      ...READ,
      path: '/api/v1/dead-letters',
      async answer({ tenant, query }) {
        const page = await queries.deadLetters(tenant, readPageRequest(query, DEAD_LETTERS));
        return list(page, page.rows.map(deadLetterItem));
      },
    },
    {
      ...READ,
      path: '/api/v1/dead-letters/{id}',
      async answer({ tenant, id }) {
        const letter = await queries.deadLetter(tenant, id);
        if (letter === null) throw new NotFound(`There is no dead letter ${id.slice(0, 300)}.`);
        return deadLetterAnswer(letter);
      },
    },
  ];
}
