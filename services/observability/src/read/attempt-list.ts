import type { Parameter } from '@hookline/database';
import { deliveryList, statusCondition } from './delivery-list.ts';
import type { AttemptFound, DeliveryFound } from './found.ts';
import { scannedTo, scanSql, toSql, type Condition, type Page } from './list.ts';
import type { PageRequest } from './page-request.ts';
import type { Reader } from './reader.ts';

export type ListedAttempt = Omit<AttemptFound, 'detail'> &
  Pick<DeliveryFound, 'event_id' | 'event_type' | 'webhook_id' | 'accepted_at'>;

/** Deliveries whose attempts are looked at for one page. */
const MOST_DELIVERIES = 2_000;

const ATTEMPT = 'id, number, trigger, class, status, started_at, duration_ms';
const DELIVERY = 'id AS delivery_id, event_id, event_type, webhook_id, accepted_at';
/** Of a delivery's row: its first attempt, where that succeeded at once; and whether there may be more than that one. */
const ONCE = 'once_id, once_status, once_started_at, once_duration_ms, once_id IS NULL OR moved IS TRUE AS has_rows';
const ATTEMPTS = `
  SELECT ${ATTEMPT} FROM attempts WHERE delivery_id = d.delivery_id AND accepted_at = d.accepted_at AND d.has_rows
  UNION ALL
  SELECT d.once_id, 1, 'automatic', NULL, d.once_status, d.once_started_at, d.once_duration_ms WHERE d.once_id IS NOT NULL`;

/**
 * Attempts of all deliveries: those of the event that was accepted last first, of a delivery the latest first. An index of their own would cost each of
 * them when it is written, and that is what happens most: they are found along the deliveries, by the indexes of these.
 */
export async function listAttempts(reader: Reader, tenant: string, request: PageRequest): Promise<Page<ListedAttempt>> {
  const deliveries = deliveryList(tenant, { ...request, filters: ofDelivery(request) });
  const parameters: Parameter[] = [];
  const scan = scanSql(deliveries, request, parameters);
  const wanted = ofAttempt(request).map((condition) => toSql(condition, parameters));
  // A delivery on which a page ended is looked at again, since `delivery attempt` is behind `delivery`.
  if (request.cursor !== null) {
    const at = parameters.push(new Date(request.cursor.atMs));
    wanted.push(`(d.accepted_at, d.delivery_id || ' ' || id) < ($${at}, $${parameters.push(request.cursor.id)})`);
  }
  const rest = deliveries.scanned.map((condition) => toSql(condition, parameters));
  const rows = await reader.all<ListedAttempt>(
    `SELECT d.*, a.* FROM (SELECT ${DELIVERY}, ${ONCE} FROM ${scan} LIMIT ${MOST_DELIVERIES}) AS d
     CROSS JOIN LATERAL (
       SELECT * FROM (${ATTEMPTS}) AS made ${wanted.length === 0 ? '' : `WHERE ${wanted.join(' AND ')}`} ORDER BY id DESC
     ) AS a ${rest.length === 0 ? '' : `WHERE ${rest.join(' AND ')}`} LIMIT ${request.limit + 1}`,
    parameters,
  );
  if (rows.length <= request.limit) {
    return { rows, next: await scannedTo(reader, deliveries, request, MOST_DELIVERIES) };
  }
  const page = rows.slice(0, request.limit);
  const { accepted_at, delivery_id, id } = page.at(-1) as ListedAttempt;
  return { rows: page, next: { atMs: accepted_at.getTime(), id: `${delivery_id} ${id}` } };
}

function ofDelivery({ filters }: PageRequest): Record<string, string> {
  const names = ['webhook', 'event', 'type'] as const;
  return Object.fromEntries(names.flatMap((name) => (filters[name] === undefined ? [] : [[name, filters[name]]])));
}

function ofAttempt({ filters }: PageRequest): Condition[] {
  const { outcome, class: failure, status_class: statusClass, trigger } = filters;
  const conditions: Condition[] = [];
  if (outcome !== undefined) conditions.push(['(class IS NULL) = ?::boolean', outcome === 'succeeded']);
  if (failure !== undefined) conditions.push(['class = ?', failure]);
  if (statusClass !== undefined) conditions.push(statusCondition('status', statusClass));
  if (trigger !== undefined) conditions.push(['trigger = ?', trigger]);
  return conditions;
}
