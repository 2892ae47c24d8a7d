import type { Database, Parameter, Queryable } from '@hookline/database';
import { within } from '@hookline/service-kit';
import { timestamp } from '../write/clean.ts';
import type { PageRequest } from './page-request.ts';

/** The rows of the answers, named as their columns are. */
export interface EventFound {
  id: string;
  type: string;
  source: string;
  time: string;
  accepted_at: Date;
  content_type: string;
  partition_key: string | null;
  data: Buffer;
}

export interface DeliveryFound {
  id: string;
  event_id: string;
  event_type: string;
  webhook_id: string;
  state: string;
  attempt_count: number;
  first_attempt_at: Date;
  next_attempt_at: Date | null;
  dead_reason: string | null;
  last_started_at: Date | null;
  last_status: number | null;
  last_class: string | null;
}

export interface AttemptFound {
  id: string;
  delivery_id: string;
  number: number;
  trigger: string;
  class: string | null;
  url: string;
  status: number | null;
  error: string | null;
  response_body: string | null;
  started_at: Date;
  duration_ms: number;
}

export interface DeadLetterFound {
  id: string;
  webhook_id: string;
  event_id: string;
  event_type: string;
  event_source: string;
  event_time: string;
  accepted_at: Date;
  content_type: string;
  reason: string;
  attempts: number;
  first_attempt_at: Date;
  dead_at: Date;
  /** Only of one that was asked for by its id. */
  data?: Buffer;
}

export interface Page<Row> {
  rows: Row[];
  more: boolean;
}

/** What the answers are made of; a tenant sees its own rows only. Each rejects with Unavailable when the database doesn't answer in time. */
export interface Queries {
  event(tenant: string, id: string): Promise<EventFound | null>;
  deliveriesOfEvent(tenant: string, eventId: string): Promise<Page<DeliveryFound>>;
  deliveriesOfWebhook(tenant: string, webhookId: string, page: PageRequest): Promise<Page<DeliveryFound>>;
  delivery(tenant: string, id: string): Promise<DeliveryFound | null>;
  /** The latest few of each delivery, oldest first. */
  latestAttempts(deliveryIds: readonly string[]): Promise<AttemptFound[]>;
  /** All of a delivery, up to a bound, oldest first. */
  attempts(deliveryId: string): Promise<AttemptFound[]>;
  deadLetters(tenant: string, page: PageRequest): Promise<Page<DeadLetterFound>>;
  deadLetter(tenant: string, id: string): Promise<DeadLetterFound | null>;
}

const DEADLINE_MS = 1_800;
const MAX_DELIVERIES_OF_EVENT = 1_000;
const ATTEMPTS_PER_DELIVERY = 10;
const MAX_ATTEMPTS = 1_000;

const EVENT = 'id, type, source, time, accepted_at, content_type, partition_key, data';
const DELIVERY = `id, event_id, event_type, webhook_id, state, attempt_count, first_attempt_at, next_attempt_at, dead_reason,
  last_started_at, last_status, last_class`;
const ATTEMPT = 'id, delivery_id, number, trigger, class, url, status, error, response_body, started_at, duration_ms';
const DEAD_LETTER = `id, webhook_id, event_id, event_type, event_source, event_time, accepted_at, content_type, reason, attempts,
  first_attempt_at, dead_at`;

export function createQueries(database: Database): Queries {
  async function all<Row>(sql: string, parameters: readonly Parameter[]): Promise<Row[]> {
    const asked: ReturnType<Queryable['query']> = database.query(sql, parameters);
    return (await within(DEADLINE_MS, 'the database', asked)).rows as Row[];
  }

  async function one<Row>(sql: string, parameters: readonly Parameter[]): Promise<Row | null> {
    return (await all<Row>(sql, parameters))[0] ?? null;
  }

  /** One row more than the page holds is asked for, to know whether there is another page. */
  async function page<Row>(limit: number, sql: string, parameters: readonly Parameter[]): Promise<Page<Row>> {
    const rows = await all<Row>(`${sql} LIMIT $${parameters.length + 1}`, [...parameters, limit + 1]);
    return { rows: rows.slice(0, limit), more: rows.length > limit };
  }

  return {
    event: (tenant, id) => one(`SELECT ${EVENT} FROM events WHERE tenant = $1 AND id = $2`, [tenant, id]),

    deliveriesOfEvent: (tenant, eventId) =>
      page(
        MAX_DELIVERIES_OF_EVENT,
        `SELECT ${DELIVERY} FROM deliveries WHERE tenant = $1 AND event_id = $2 ORDER BY first_attempt_at, id`,
        [tenant, eventId],
      ),

    deliveriesOfWebhook(tenant, webhookId, { limit, cursor, state }) {
      const where = ['tenant = $1', 'webhook_id = $2'];
      const parameters: Parameter[] = [tenant, webhookId];
      if (state !== null) where.push(`state = $${parameters.push(state)}`);
      if (cursor !== null) {
        const at = parameters.push(timestamp(cursor.atMs));
        where.push(`(first_attempt_at, id) < ($${at}::timestamptz, $${parameters.push(cursor.id)})`);
      }
      const sql = `SELECT ${DELIVERY} FROM deliveries WHERE ${where.join(' AND ')} ORDER BY first_attempt_at DESC, id DESC`;
      return page(limit, sql, parameters);
    },

    delivery: (tenant, id) => one(`SELECT ${DELIVERY} FROM deliveries WHERE tenant = $1 AND id = $2`, [tenant, id]),

    async latestAttempts(deliveryIds) {
      if (deliveryIds.length === 0) return [];
      const rows = await all<AttemptFound>(
        `SELECT a.* FROM unnest($1::text[]) AS wanted (delivery)
         CROSS JOIN LATERAL (
           SELECT ${ATTEMPT} FROM attempts WHERE delivery_id = wanted.delivery
           ORDER BY number DESC, started_at DESC LIMIT ${ATTEMPTS_PER_DELIVERY}
         ) AS a`,
        [deliveryIds],
      );
      return rows.toReversed();
    },

    attempts: (deliveryId) =>
      all(
        `SELECT ${ATTEMPT} FROM attempts WHERE delivery_id = $1 ORDER BY number, started_at, id LIMIT ${MAX_ATTEMPTS}`,
        [deliveryId],
      ),

    deadLetters(tenant, { limit, cursor }) {
      const parameters: Parameter[] = [tenant];
      let older = '';
      if (cursor !== null) {
        const at = parameters.push(timestamp(cursor.atMs));
        older = `AND (dead_at, id) < ($${at}::timestamptz, $${parameters.push(cursor.id)})`;
      }
      const sql = `SELECT ${DEAD_LETTER} FROM dead_letters WHERE tenant = $1 ${older} ORDER BY dead_at DESC, id DESC`;
      return page(limit, sql, parameters);
    },

    deadLetter: (tenant, id) =>
      one(`SELECT ${DEAD_LETTER}, data FROM dead_letters WHERE tenant = $1 AND id = $2`, [tenant, id]),
  };
}
