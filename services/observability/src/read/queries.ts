import { listAttempts, type ListedAttempt } from './attempt-list.ts';
import type { Cursor } from './cursor.ts';
import { DELIVERY, deliveryList } from './delivery-list.ts';
import type { AttemptFound, DeadLetterFound, DeliveryFound, EventFound } from './found.ts';
import { readPage, type Condition, type List, type Page } from './list.ts';
import type { PageRequest } from './page-request.ts';
import { rarestFilter, type Along } from './rarest.ts';
import { withOneDeadline, type Reader } from './reader.ts';
import { metadataPair } from '../write/metadata-pairs.ts';

/** What the answers are made of; a tenant sees its own rows only. Each rejects with Unavailable when the database doesn't answer in time. */
export interface Queries {
  event(tenant: string, id: string): Promise<EventFound | null>;
  events(tenant: string, request: PageRequest): Promise<Page<EventFound>>;
  /** By id, up to a bound. */
  deliveriesOfEvent(tenant: string, event: Pick<EventFound, 'id' | 'accepted_at'>): Promise<Bounded<DeliveryFound>>;
  deliveries(tenant: string, request: PageRequest): Promise<Page<DeliveryFound>>;
  delivery(tenant: string, id: string): Promise<DeliveryFound | null>;
  /** The latest few of each delivery, oldest first. */
  latestAttempts(deliveries: readonly DeliveryFound[]): Promise<AttemptFound[]>;
  /** Of all deliveries. */
  listAttempts(tenant: string, request: PageRequest): Promise<Page<ListedAttempt>>;
  /** All of a delivery, up to a bound, oldest first. */
  attempts(delivery: DeliveryFound): Promise<AttemptFound[]>;
  deadLetters(tenant: string, request: PageRequest): Promise<Page<DeadLetterFound>>;
  deadLetter(tenant: string, id: string): Promise<DeadLetterFound | null>;
}

export interface Bounded<Row> {
  rows: Row[];
  more: boolean;
}

const MAX_DELIVERIES_OF_EVENT = 1_000;
const ATTEMPTS_PER_DELIVERY = 10;
const MAX_ATTEMPTS = 1_000;

const EVENT = `id, type, source, time, accepted_at, content_type, subject, partition_key, metadata, size_bytes, content_deleted_at`;
const ATTEMPT = 'id, delivery_id, number, trigger, class, status, started_at, duration_ms, detail';
const DEAD_LETTER = `id, webhook_id, event_id, event_type, event_source, event_time, accepted_at, content_type, reason, attempts,
  first_attempt_at, dead_at, resolved_at, resolved_by, resolution`;

export function createQueries(reader: Reader): Queries {
  return {
    // An id that was published again on another day has a row on both: the first is the event.
    event: (tenant, id) =>
      reader.one(`SELECT ${EVENT}, data FROM events WHERE tenant = $1 AND id = $2 ORDER BY accepted_at LIMIT 1`, [
        tenant,
        id,
      ]),

    async events(tenant, request) {
      const both = withOneDeadline(reader);
      const along = request.filters['id'] === undefined ? await rarestFilter(both, tenant, request) : null;
      return readPage<EventFound>(both, eventList(tenant, request, along), request, placeOfEvent);
    },

    async deliveriesOfEvent(tenant, { id, accepted_at }) {
      const rows = await reader.all<DeliveryFound>(
        `SELECT ${DELIVERY} FROM deliveries WHERE tenant = $1 AND accepted_at = $2 AND event_id = $3 ORDER BY id
         LIMIT ${MAX_DELIVERIES_OF_EVENT + 1}`,
        [tenant, accepted_at, id],
      );
      return { rows: rows.slice(0, MAX_DELIVERIES_OF_EVENT), more: rows.length > MAX_DELIVERIES_OF_EVENT };
    },

    deliveries: (tenant, request) =>
      readPage<DeliveryFound>(reader, deliveryList(tenant, request), request, placeOfEvent),

    delivery: (tenant, id) =>
      reader.one(`SELECT ${DELIVERY} FROM deliveries WHERE id = $1 AND tenant = $2 ORDER BY state_rank DESC LIMIT 1`, [
        id,
        tenant,
      ]),

    async latestAttempts(deliveries) {
      if (deliveries.length === 0) return [];
      const times = deliveries.map(({ accepted_at }) => accepted_at.getTime());
      const rows = await reader.all<AttemptFound>(
        `SELECT a.* FROM unnest($1::text[], $2::timestamptz[]) AS wanted (delivery, at)
         CROSS JOIN LATERAL (
           SELECT ${ATTEMPT} FROM every_attempt
           WHERE delivery_id = wanted.delivery AND accepted_at = wanted.at AND accepted_at BETWEEN $3 AND $4
           ORDER BY number DESC, id DESC LIMIT ${ATTEMPTS_PER_DELIVERY}
         ) AS a`,
        [
          deliveries.map(({ id }) => id),
          deliveries.map(({ accepted_at }) => accepted_at.toISOString()),
          new Date(Math.min(...times)),
          new Date(Math.max(...times)),
        ],
      );
      return rows.toReversed();
    },

    listAttempts: (tenant, request) => listAttempts(withOneDeadline(reader), tenant, request),

    attempts: ({ id, accepted_at }) =>
      reader.all(
        `SELECT ${ATTEMPT} FROM every_attempt WHERE delivery_id = $1 AND accepted_at = $2 ORDER BY number, id LIMIT ${MAX_ATTEMPTS}`,
        [id, accepted_at],
      ),

    deadLetters: (tenant, request) =>
      readPage<DeadLetterFound>(reader, deadLetterList(tenant, request), request, ({ dead_at, id }) => ({
        atMs: dead_at.getTime(),
        id,
      })),

    deadLetter: (tenant, id) =>
      reader.one(`SELECT ${DEAD_LETTER}, data FROM dead_letters WHERE tenant = $1 AND id = $2`, [tenant, id]),
  };
}

function placeOfEvent({ accepted_at, id }: { accepted_at: Date; id: string }): Cursor {
  return { atMs: accepted_at.getTime(), id };
}

/** Along the index of the id, of a metadata pair or of the type, whichever is given, or of the tenant. */
export function eventList(tenant: string, { filters, metadata }: PageRequest, along: Along | null): List {
  const { type, source, id } = filters;
  const scanned: Condition[] = [];
  if (type !== undefined && along?.filter !== 'type') scanned.push(['type = ?', type]);
  if (source !== undefined) scanned.push(['source = ?', source]);
  if (Object.keys(metadata).length > 0) scanned.push(['metadata @> ?::jsonb', JSON.stringify(metadata)]);
  if (along?.filter === 'metadata') {
    return {
      from: 'event_metadata AS m',
      joined: `CROSS JOIN LATERAL (
        SELECT ${EVENT} FROM events AS o WHERE o.tenant = m.tenant AND o.id = m.event_id AND o.accepted_at = m.accepted_at LIMIT 1
      ) AS e`,
      columns: 'e.*',
      at: 'm.accepted_at',
      id: 'm.event_id',
      indexed: [
        ['m.tenant = ?', tenant],
        ['m.pair = ?', metadataPair(...along.pair)],
      ],
      scanned,
    };
  }
  const indexed: Condition[] = [['tenant = ?', tenant]];
  if (id !== undefined) indexed.push(['id = ?', id]);
  if (along !== null) indexed.push(['type = ?', along.type]);
  return { from: 'events', columns: EVENT, at: 'accepted_at', id: 'id', indexed, scanned };
}

/** Along the index of the event, the webhook or the tenant. */
export function deadLetterList(tenant: string, { filters }: PageRequest): List {
  const { webhook, event, type, reason, resolved } = filters;
  const indexed: Condition[] = [['tenant = ?', tenant]];
  const scanned: Condition[] = [];
  if (event !== undefined) indexed.push(['event_id = ?', event]);
  if (webhook !== undefined) indexed.push(['webhook_id = ?', webhook]);
  if (type !== undefined) scanned.push(['event_type = ?', type]);
  if (reason !== undefined) scanned.push(['reason = ?', reason]);
  if (resolved !== undefined) scanned.push(['(resolved_at IS NOT NULL) = ?::boolean', resolved === 'true']);
  return { from: 'dead_letters', columns: DEAD_LETTER, at: 'dead_at', id: 'id', indexed, scanned };
}
