import type { Queryable } from '@hookline/database';
import { renewChanges } from '../webhooks/renew.ts';

/**
 * Notes that the first changes after a revision are about to be appended, or that an append of them was given up: until it is known to have
 * ended it may land at any time, also behind newer changes.
 */
export async function noteAppend(database: Queryable, from: number, webhookIds: readonly string[]): Promise<void> {
  await database.query(
    `INSERT INTO registry_appends AS noted (relayed_revision, webhook_ids, appends, begun_at) VALUES ($1, $2, 1, now())
     ON CONFLICT (relayed_revision) DO UPDATE SET appends = noted.appends + 1, begun_at = now(), webhook_ids =
       CASE WHEN cardinality(noted.webhook_ids) > cardinality(excluded.webhook_ids) THEN noted.webhook_ids
       ELSE excluded.webhook_ids END`,
    [from, webhookIds],
  );
}

/** The append has ended well. One that was tried before it, here or elsewhere, may not have: then the note stays. */
export async function forgetAppend(tx: Queryable, from: number): Promise<void> {
  await tx.query('DELETE FROM registry_appends WHERE relayed_revision = $1 AND appends = 1', [from]);
}

export async function hasDoubtful(database: Queryable, olderThanMs: number): Promise<boolean> {
  const { rowCount } = await database.query(`SELECT 1 FROM registry_appends WHERE ${OLDER} LIMIT 1`, [olderThanMs]);
  return rowCount > 0;
}

/** Has the webhooks of a doubtful append relayed again as they are now, or as deleted. Says how many; 0: there is no such append. */
export async function renewDoubtful(tx: Queryable, olderThanMs: number): Promise<number> {
  const { rows } = await tx.query<{ ids: string[] }>(
    `DELETE FROM registry_appends
     WHERE relayed_revision = (SELECT min(relayed_revision) FROM registry_appends WHERE ${OLDER})
     RETURNING webhook_ids AS ids`,
    [olderThanMs],
  );
  const ids = rows[0]?.ids ?? [];
  await renewChanges(tx, ids);
  return ids.length;
}

const OLDER = `begun_at <= now() - $1::float8 * interval '1 millisecond'`;
