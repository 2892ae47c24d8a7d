import type { STATUS_CLASSES } from '@hookline/contracts/api';
import type { Condition, List } from './list.ts';
import type { PageRequest } from './page-request.ts';

export const DELIVERY = `id, event_id, event_type, webhook_id, accepted_at, state, reason, attempt_count, first_attempt_at, next_attempt_at,
  last_started_at, last_status, last_class`;

const STATUS_CLASS: Readonly<Record<string, string>> = {
  '2xx': 'BETWEEN 200 AND 299',
  '3xx': 'BETWEEN 300 AND 399',
  '4xx': 'BETWEEN 400 AND 499',
  '5xx': 'BETWEEN 500 AND 599',
  none: 'IS NULL',
} satisfies Record<(typeof STATUS_CLASSES)[number], string>;

export function statusCondition(column: string, statusClass: string): Condition {
  return [`${column} ${STATUS_CLASS[statusClass]} AND ?::text IS NOT NULL`, statusClass];
}

/** Along the index of the event's moment, of the webhook or the tenant; of states, all but the usual one have indexes. */
export function deliveryList(tenant: string, { filters }: PageRequest): List {
  const { webhook, event, state, type, status_class: statusClass, class: failure } = filters;
  const indexed: Condition[] = [['tenant = ?', tenant]];
  const scanned: Condition[] = [];
  if (event !== undefined) {
    indexed.push(['event_id = ?', event]);
    indexed.push([
      `accepted_at = ANY (ARRAY(SELECT e.accepted_at FROM events AS e WHERE e.tenant = ? AND e.id = $2))`,
      tenant,
    ]);
  }
  if (webhook !== undefined) indexed.push(['webhook_id = ?', webhook]);
  if (state === 'succeeded') scanned.push(['state = ?', state]);
  // That it is another than succeeded is said as the indexes say it: they are of such rows only.
  else if (state !== undefined) indexed.push([`state <> 'succeeded' AND state = ?`, state]);
  if (type !== undefined) scanned.push(['event_type = ?', type]);
  if (failure !== undefined) scanned.push(['last_class = ?', failure]);
  if (statusClass !== undefined) scanned.push(statusCondition('last_status', statusClass));
  return { from: 'deliveries', columns: DELIVERY, at: 'accepted_at', id: 'id', indexed, scanned };
}
