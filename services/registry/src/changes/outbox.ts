import type { WebhookChange } from '@hookline/contracts';
import type { Queryable } from '@hookline/database';

/** A committed change that is not yet in `webhook.changes`. */
export interface PendingChange {
  revision: number;
  webhookId: string;
  /** null: the webhook was deleted. */
  webhook: WebhookChange | null;
}

/**
 * The next revision. Its row stays locked until the transaction ends, so whoever takes the one after it commits later:
 * revisions are in commit order, without gaps. Take it after every other lock, or two transactions may wait for each other.
 */
export async function takeRevision(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ revision: number }>(
    'UPDATE registry_revision SET revision = revision + 1 RETURNING revision',
  );
  return (rows[0] as { revision: number }).revision;
}

export async function addChange(
  tx: Queryable,
  { revision, webhookId, webhook, tenant }: PendingChange & { tenant: string },
): Promise<void> {
  await tx.query('INSERT INTO webhook_changes (revision, webhook_id, tenant, payload) VALUES ($1, $2, $3, $4)', [
    revision,
    webhookId,
    tenant,
    webhook === null ? null : JSON.stringify(webhook),
  ]);
}

/** Whether a change waits at all, or is still to be made anew: what the relay asks every second. */
export async function hasPending(database: Queryable): Promise<boolean> {
  const { rowCount } = await database.query(
    'SELECT 1 FROM webhook_changes UNION ALL SELECT 1 FROM registry_relay WHERE refilled_to IS NOT NULL LIMIT 1',
  );
  return rowCount > 0;
}

/** Whether all that was committed is in `webhook.changes`. */
export async function isRelayed(database: Queryable): Promise<boolean> {
  return !(await hasPending(database));
}

/** The changes after a revision, in order. */
export async function pendingAfter(database: Queryable, revision: number, limit: number): Promise<PendingChange[]> {
  const { rows } = await database.query<{ revision: number; webhook_id: string; payload: WebhookChange | null }>(
    'SELECT revision, webhook_id, payload FROM webhook_changes WHERE revision > $1 ORDER BY revision LIMIT $2',
    [revision, limit],
  );
  return rows.map((row) => ({ revision: row.revision, webhookId: row.webhook_id, webhook: row.payload }));
}

/** How far the relay has come. */
export interface Relayed {
  revision: number;
  /** Where `webhook.changes` ended then; null: not known. */
  endOffset: number | null;
  /** Not null: all webhooks are being relayed again, and those with ids up to here have been. */
  refilledTo: string | null;
}

export async function readRelayed(database: Queryable): Promise<Relayed> {
  const { rows } = await database.query<Relayed>(
    'SELECT revision, end_offset AS "endOffset", refilled_to AS "refilledTo" FROM registry_relay',
  );
  return rows[0] as Relayed;
}

/** Says whether the relay still stood where the caller had read from; if not, somebody else has moved it, and nothing is changed. */
export async function moveRelay(tx: Queryable, from: number, to: number, endOffset: number): Promise<boolean> {
  const { rowCount } = await tx.query('UPDATE registry_relay SET revision = $2, end_offset = $3 WHERE revision = $1', [
    from,
    to,
    endOffset,
  ]);
  if (rowCount === 0) return false;
  await tx.query('DELETE FROM webhook_changes WHERE revision <= $1', [to]);
  return true;
}
