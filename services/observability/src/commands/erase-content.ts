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
 * again does no harm.
 */
export function createEraseContent(database: Database, commands: DeliveryCommands, now: () => number) {
  return async (tenant: string, event: EventFound): Promise<Erased> => {
    const cancelled = await commands.cancelEvent(tenant, event.id, event.accepted_at, 'erased');
    const atMs = now();
    await database.transaction((tx) => eraseRows(tx, tenant, event, new Date(atMs)));
    return { atMs, cancelled, goneFromLogByMs: atMs + Math.max(...TOPICS.map(({ retentionMs }) => retentionMs)) };
  };
}

async function eraseRows(tx: Queryable, tenant: string, event: EventFound, at: Date): Promise<void> {
  // First, so that a dead letter that comes meanwhile finds it.
  await tx.query(`INSERT INTO erased_events VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, [tenant, event.id, at]);
  await tx.query(
    `UPDATE events SET data = NULL, metadata = NULL, subject = NULL, content_deleted_at = coalesce(content_deleted_at, $3)
     WHERE tenant = $1 AND id = $2`,
    [tenant, event.id, at],
  );
  await tx.query('DELETE FROM event_metadata WHERE tenant = $1 AND accepted_at = $2 AND event_id = $3', [
    tenant,
    event.accepted_at,
    event.id,
  ]);
  await tx.query('UPDATE dead_letters SET data = NULL, event_headers = NULL WHERE tenant = $1 AND event_id = $2', [
    tenant,
    event.id,
  ]);
  await eraseAnswers(tx, tenant, event);
}
