import { NotFound } from '@hookline/domain';
import { deadLetterAnswer, deadLetterItem, deliveryAnswer, deliveryItem, eventAnswer } from './read/answers.ts';
import { encodeCursor } from './read/cursor.ts';
import type { createFindEvent } from './read/find-event.ts';
import { readPageRequest } from './read/page-request.ts';
import type { AttemptFound, DeliveryFound, Queries } from './read/queries.ts';
import { cleanText } from './write/clean.ts';

export interface Call {
  tenant: string;
  /** What stands in the path where the route has `{id}`. */
  id: string;
  query: URLSearchParams;
}

export interface Route {
  /** For the metrics, and the pattern of the path. */
  path: string;
  answer: (call: Call) => Promise<Buffer>;
}

export interface RoutesDeps {
  queries: Queries;
  findEvent: ReturnType<typeof createFindEvent>;
}

const PAGE = ['limit', 'cursor'];

export function createRoutes({ queries, findEvent }: RoutesDeps): Route[] {
  async function itemsOf(deliveries: readonly DeliveryFound[]): Promise<object[]> {
    const attempts = Map.groupBy(await queries.latestAttempts(deliveries.map(({ id }) => id)), of);
    return deliveries.map((delivery) => deliveryItem(delivery, attempts.get(delivery.id) ?? []));
  }

  return [
    {
      path: '/api/v1/events/{id}',
      async answer({ tenant, id }) {
        const event = await findEvent(tenant, id);
        const deliveries = await queries.deliveriesOfEvent(tenant, event.id);
        return eventAnswer(event, await itemsOf(deliveries.rows), deliveries.more);
      },
    },
    {
      path: '/api/v1/webhooks/{id}/deliveries',
      async answer({ tenant, id, query }) {
        const page = readPageRequest(query, [...PAGE, 'state']);
        const { rows, more } = await queries.deliveriesOfWebhook(tenant, id, page);
        return list(await itemsOf(rows), more, rows.at(-1)?.first_attempt_at, rows.at(-1)?.id);
      },
    },
    {
      path: '/api/v1/deliveries/{id}',
      async answer({ tenant, id }) {
        const delivery = await queries.delivery(tenant, id);
        if (delivery === null) throw new NotFound(`There is no delivery ${id.slice(0, 300)}.`);
        return json(deliveryAnswer(delivery, await queries.attempts(delivery.id)));
      },
    },
    {
      path: '/api/v1/dead-letters',
      async answer({ tenant, query }) {
        const { rows, more } = await queries.deadLetters(tenant, readPageRequest(query, PAGE));
        return list(rows.map(deadLetterItem), more, rows.at(-1)?.dead_at, rows.at(-1)?.id);
      },
    },
    {
      path: '/api/v1/dead-letters/{id}',
      async answer({ tenant, id }) {
        const letter = await queries.deadLetter(tenant, id);
        if (letter === null) throw new NotFound(`There is no dead letter ${id.slice(0, 300)}.`);
        return deadLetterAnswer(letter);
      },
    },
  ];
}

/** The route of a path and what it names, or null. */
export function findRoute(routes: readonly Route[], path: string): { route: Route; id: string } | null {
  const parts = path.split('/');
  for (const route of routes) {
    const pattern = route.path.split('/');
    if (pattern.length !== parts.length) continue;
    if (!pattern.every((part, index) => part === parts[index] || (part === '{id}' && parts[index] !== ''))) continue;
    const id = decodePart(parts[pattern.indexOf('{id}')] ?? '');
    return id === null ? null : { route, id };
  }
  return null;
}

function decodePart(part: string): string | null {
  try {
    return cleanText(decodeURIComponent(part));
  } catch {
    return null;
  }
}

function of(attempt: AttemptFound): string {
  return attempt.delivery_id;
}

function list(items: object[], more: boolean, lastAt: Date | undefined, lastId: string | undefined): Buffer {
  const next = more && lastAt !== undefined && lastId !== undefined;
  return json({ data: items, next_cursor: next ? encodeCursor({ atMs: lastAt.getTime(), id: lastId }) : null });
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}
