import { TOPICS } from '@hookline/contracts';
import type { Database, Queryable } from '@hookline/database';
import type { EventFound } from '../read/found.ts';
import type { DeliveryCommands } from './deliveries.ts';
import { eraseAnswers } from './erase-answers.ts';

export interface Erased {
  atMs: number;
  /** Deliveries that waited and are not sent any more. */
  cancelled: number;
  /** Until then the topics may still hold the content: it goes with their retention. */
  goneFromLogByMs: number;
}

/**
 * Takes an event's content out of the tables, and what waits to be sent of it out of the retry schedule. In that order: sending it ends first. Doing it
 * again does no harm. An id that was published again on another day has rows of both.
 */
export function createEraseContent(database: Database, commands: DeliveryCommands, now: () => number) {
  return async (tenant: string, event: EventFound): Promise<Erased> => {
    const days = await daysOf(database, tenant, event.id);
    let cancelled = 0;
    for (const { accepted_at } of days) {
      cancelled += await commands.cancelEvent(tenant, event.id, accepted_at, 'erased');
    }
    const atMs = now();
    await database.transaction((tx) => eraseRows(tx, tenant, event.id, new Date(atMs)));
    return { atMs, cancelled, goneFromLogByMs: atMs + Math.max(...TOPICS.map(({ retentionMs }) => retentionMs)) };
  };
}

type Day = Pick<EventFound, 'id' | 'accepted_at'>;

async function daysOf(tx: Queryable, tenant: string, id: string): Promise<Day[]> {
  const { rows } = await tx.query<Day>('SELECT id, accepted_at FROM events WHERE tenant = $1 AND id = $2', [
    tenant,
    id,
  ]);
  return rows;
}

async function eraseRows(tx: Queryable, tenant: string, id: string, at: Date): Promise<void> {
  // First, so that a dead letter that comes meanwhile finds it.
  await tx.query(`INSERT INTO erased_events VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, [tenant, id, at]);
  await tx.query(
    `UPDATE events SET data = NULL, metadata = NULL, subject = NULL, content_deleted_at = coalesce(content_deleted_at, $3)
     WHERE tenant = $1 AND id = $2`,
    [tenant, id, at],
  );
  await tx.query('UPDATE dead_letters SET data = NULL, event_headers = NULL WHERE tenant = $1 AND event_id = $2', [
    tenant,
    id,
  ]);
  for (const day of await daysOf(tx, tenant, id)) {
    await tx.query('DELETE FROM event_metadata WHERE tenant = $1 AND accepted_at = $2 AND event_id = $3', [
      tenant,
      day.accepted_at,
      id,
    ]);
    await eraseAnswers(tx, tenant, day);
  }
}
