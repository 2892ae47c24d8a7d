import { encodeCancellation, encodeCommand, type CancelCommand } from '@hookline/contracts';
import { binaryArray, type Database } from '@hookline/database';
import type { EventLog } from '@hookline/event-log';
import { eraseAnswers } from '../commands/erase-answers.ts';
import { foldDeliveries } from './fold-deliveries.ts';
import { isFinal, type DeliveryRow, type Entry } from './rows.ts';

/*
 * What was cancelled or erased stays so, however late something of it comes: a dispatcher that had not heard of the cancellation yet may have put a delivery
 * off, for weeks even, and nobody remembers cancellations for that long; and an answer may say again what was erased.
 */

/** To be called with what has just been committed, before it counts as done: whoever cancels or erases looks for what is there after having said so. */
export type Uphold = (entries: readonly Entry[]) => Promise<void>;

export interface UpholdDeps {
  database: Database;
  eventLog: Pick<EventLog, 'append'>;
  now: () => number;
}

const APPEND_DEADLINE_MS = 8_000;

interface Cancelled {
  tenant: string;
  event_id: string;
  webhook_id: string;
  reason: CancelCommand['reason'];
}

export function createUphold({ database, eventLog, now }: UpholdDeps): Uphold {
  async function cancelAgain(waiting: readonly DeliveryRow[]): Promise<void> {
    const { rows } = await database.query<Cancelled>(
      `SELECT c.tenant, c.event_id, c.webhook_id, c.reason FROM cancelled_events AS c
       JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS n (tenant, event_id)) AS n USING (tenant, event_id)`,
      placesOf(waiting),
    );
    if (rows.length === 0) return;
    const reasons = new Map(rows.map((row) => [nameOf(row, row.webhook_id), row.reason]));
    const reasonOf = (row: DeliveryRow) => reasons.get(nameOf(row, '')) ?? reasons.get(nameOf(row, row.webhook_id));
    const records = foldDeliveries(waiting).flatMap((row) => {
      const reason = reasonOf(row);
      return reason === undefined ? [] : cancellationsOf(row, reason, now());
    });
    if (records.length > 0) await eventLog.append(records, { deadlineMs: APPEND_DEADLINE_MS });
  }

  async function eraseAgain(answered: readonly DeliveryRow[]): Promise<void> {
    const { rows } = await database.query<{ tenant: string; event_id: string }>(
      `SELECT e.tenant, e.event_id FROM erased_events AS e
       JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS n (tenant, event_id)) AS n USING (tenant, event_id)`,
      placesOf(answered),
    );
    if (rows.length === 0) return;
    const erased = new Set(rows.map((row) => nameOf(row, '')));
    const events = new Map(answered.map((row) => [`${nameOf(row, '')}\0${row.accepted_at}`, row]));
    for (const row of events.values()) {
      if (!erased.has(nameOf(row, ''))) continue;
      const event = { id: row.event_id, accepted_at: new Date(row.accepted_at) };
      await database.transaction((tx) => eraseAnswers(tx, row.tenant, event));
    }
  }

  return async (entries) => {
    const waiting: DeliveryRow[] = [];
    const answered: DeliveryRow[] = [];
    for (const entry of entries) {
      if (entry.kind === 'event' || entry.kind === 'dead_letter') continue;
      if (!isFinal(entry.delivery.state)) waiting.push(entry.delivery);
      if (entry.kind === 'attempt' && entry.hasAnswer) answered.push(entry.delivery);
    }
    if (waiting.length > 0) await cancelAgain(waiting);
    if (answered.length > 0) await eraseAgain(answered);
  };
}

function placesOf(rows: readonly DeliveryRow[]): Buffer[] {
  return [rows.map(({ tenant }) => tenant), rows.map(({ event_id }) => event_id)].map((texts) =>
    binaryArray('text', texts),
  );
}

function nameOf({ tenant, event_id }: Pick<Cancelled, 'tenant' | 'event_id'>, webhookId: string): string {
  return `${tenant}\0${event_id}\0${webhookId}`;
}

/** For what waits in the schedule, and for all dispatchers: it may be in order, or under way. */
function cancellationsOf(row: DeliveryRow, reason: CancelCommand['reason'], atMs: number) {
  const { id: deliveryId, tenant, event_id: eventId, event_type: eventType, webhook_id: webhookId } = row;
  const { accepted_at: acceptedAtMs, attempt_count: attempts } = row;
  return [
    encodeCancellation({ tenant, eventId, webhookId, reason, atMs }),
    encodeCommand({
      kind: 'cancel',
      deliveryId,
      tenant,
      eventId,
      eventType,
      webhookId,
      acceptedAtMs,
      attempts,
      reason,
    }),
  ];
}
