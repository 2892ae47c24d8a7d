import type { Queryable } from '@hookline/database';
import type { EventFound } from '../read/found.ts';
import type { AttemptDetail } from '../write/rows.ts';

const MOST_ATTEMPTS = 100_000;

type Place = Pick<EventFound, 'id' | 'accepted_at'>;

/** An answer often says again what it was sent. */
export async function eraseAnswers(tx: Queryable, tenant: string, event: Place): Promise<void> {
  await eraseInAttempts(tx, tenant, event);
  await eraseInDeliveries(tx, tenant, event);
}

async function eraseInAttempts(tx: Queryable, tenant: string, event: Place): Promise<void> {
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

/** Locked in the order in which they are written, so that neither waits for the other; and only what is not erased yet. */
async function eraseInDeliveries(tx: Queryable, tenant: string, event: Place): Promise<void> {
  const found = await tx.query<{ id: string; once_detail: string }>(
    `SELECT id, once_detail FROM deliveries WHERE tenant = $1 AND accepted_at = $2 AND event_id = $3 AND once_id IS NOT NULL
     ORDER BY id LIMIT ${MOST_ATTEMPTS} FOR UPDATE`,
    [tenant, event.accepted_at, event.id],
  );
  const rows = found.rows.filter(({ once_detail }) => withoutAnswer(once_detail) !== once_detail);
  if (rows.length === 0) return;
  await tx.query(
    `UPDATE deliveries AS d SET once_detail = n.once_detail FROM unnest($1::text[], $2::text[]) AS n (id, once_detail)
     WHERE d.id = n.id AND d.accepted_at = $3`,
    [rows.map(({ id }) => id), rows.map(({ once_detail }) => withoutAnswer(once_detail)), event.accepted_at],
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
