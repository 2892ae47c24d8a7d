import { TOPICS } from '@hookline/contracts';
import type { Database, Queryable } from '@hookline/database';
import type { EventFound } from '../read/found.ts';
import type { AttemptDetail } from '../write/rows.ts';
import type { DeliveryCommands } from './deliveries.ts';

export interface Erased {
  atMs: number;
  /** Deliveries that waited and are not sent any more. */
  cancelled: number;
  /** Until then the topics may still hold the content: it goes with their retention. */
  goneFromLogByMs: number;
}

const MOST_ATTEMPTS = 100_000;

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

/** An answer often says again what it was sent. */
async function eraseAnswers(tx: Queryable, tenant: string, event: EventFound): Promise<void> {
  const { rows } = await tx.query<{ delivery_id: string; id: string; detail: string }>(
    `SELECT a.delivery_id, a.id, a.detail FROM deliveries AS d JOIN attempts AS a ON a.delivery_id = d.id AND a.accepted_at = d.accepted_at
     WHERE d.tenant = $1 AND d.accepted_at = $2 AND d.event_id = $3 AND a.accepted_at = $2 LIMIT ${MOST_ATTEMPTS}`,
    [tenant, event.accepted_at, event.id],
  );
  if (rows.length === 0) return;
  await tx.query(
    `UPDATE attempts AS a SET detail = n.detail FROM unnest($1::text[], $2::text[], $3::text[]) AS n (delivery_id, id, detail)
     WHERE a.delivery_id = n.delivery_id AND a.id = n.id AND a.accepted_at = $4`,
    [
      rows.map(({ delivery_id }) => delivery_id),
      rows.map(({ id }) => id),
      rows.map(({ detail }) => withoutAnswer(detail)),
      event.accepted_at,
    ],
  );
}

function withoutAnswer(detail: string): string {
  const {
    requestHeaders: _request,
    responseHeaders: _response,
    responseBody: _body,
    ...rest
  } = JSON.parse(detail) as AttemptDetail;
  return JSON.stringify(rest);
}
