import { HELD_MS } from '@hookline/retry-schedule';
import type { Turn } from './cursor.ts';

/*
 * Of each webhook: whether it is held, when its first one may be claimed, its place in the line. The first parameter is the partition, the second
 * are webhooks.
 */

const KNOW = `
  INSERT INTO retry_webhooks (partition, webhook_id) SELECT $1, webhook_id FROM unnest($2::text[]) AS known (webhook_id) ON CONFLICT DO NOTHING`;

const REFRESH = `
  UPDATE retry_webhooks w SET next_at_ms = first.due_at_ms + CASE WHEN w.held THEN ${HELD_MS} ELSE 0 END,
    line = CASE WHEN first.due_at_ms IS NULL THEN NULL ELSE w.line END
  FROM (
    SELECT webhook_id, (SELECT due_at_ms FROM retry_entries e WHERE e.partition = $1 AND e.webhook_id = of.webhook_id AND e.state = 'waiting'
      ORDER BY e.due_at_ms, e.delivery_id LIMIT 1) AS due_at_ms
    FROM unnest($2::text[]) AS of (webhook_id)
  ) AS first
  WHERE w.partition = $1 AND w.webhook_id = ANY ($2) AND w.webhook_id = first.webhook_id`;

const FORGET =
  'DELETE FROM retry_webhooks WHERE partition = $1 AND webhook_id = ANY ($2) AND NOT held AND next_at_ms IS NULL';

const HOLD = `UPDATE retry_webhooks SET held = true, line = NULL WHERE partition = $1 AND webhook_id = ANY ($2) AND NOT held`;

const RELEASE = `UPDATE retry_webhooks SET held = false, line = NULL WHERE partition = $1 AND webhook_id = ANY ($2) AND held`;

/** $2 now, $3 limit, $4 the last place given */
const JOIN_LINE = `
  WITH joining AS (
    SELECT webhook_id, row_number() OVER (ORDER BY next_at_ms, webhook_id) AS place FROM (
      SELECT webhook_id, next_at_ms FROM retry_webhooks WHERE partition = $1 AND line IS NULL AND next_at_ms <= $2
      ORDER BY next_at_ms, webhook_id LIMIT $3) AS due
  )
  UPDATE retry_webhooks w SET line = $4 + joining.place FROM joining
  WHERE w.partition = $1 AND w.webhook_id = ANY (ARRAY(SELECT webhook_id FROM joining)) AND w.webhook_id = joining.webhook_id`;

/** $2 up to which place. In their order. */
const VISITED =
  'SELECT webhook_id AS "webhookId" FROM retry_webhooks WHERE partition = $1 AND line <= $2 ORDER BY line';

const LEAVE_LINE = 'UPDATE retry_webhooks SET line = NULL WHERE partition = $1 AND webhook_id = ANY ($2)';

/** $2 webhooks in order, $3 now, $4 the last place given. Those that have more to give go to the end. */
const REJOIN = `
  UPDATE retry_webhooks SET line = $4 + array_position($2::text[], webhook_id)
  WHERE partition = $1 AND webhook_id = ANY ($2) AND next_at_ms <= $3`;

/** To be called for all webhooks of whose waiting entries some came or went. */
export async function refresh({ tx, partition }: Turn, webhookIds: ReadonlySet<string>): Promise<void> {
  if (webhookIds.size === 0) return;
  const ids = [...webhookIds];
  await tx.query(KNOW, [partition, ids]);
  await tx.query(REFRESH, [partition, ids]);
  await tx.query(FORGET, [partition, ids]);
}

export async function setHeld(turn: Turn, webhookIds: readonly string[], held: boolean): Promise<void> {
  if (webhookIds.length === 0) return;
  const { tx, partition } = turn;
  if (held) await tx.query(KNOW, [partition, [...webhookIds]]);
  await tx.query(held ? HOLD : RELEASE, [partition, [...webhookIds]]);
  await refresh(turn, new Set(webhookIds));
}

/** Those that are due join the line, at most `limit` of them. */
export async function joinLine({ tx, partition, line, tally }: Turn, nowMs: number, limit: number): Promise<void> {
  const { rowCount } = await tx.query(JOIN_LINE, [partition, nowMs, limit, line + tally.line]);
  tally.line += rowCount;
}

/** All up to a place have had their turn. */
export async function passLine(turn: Turn, through: number, nowMs: number): Promise<void> {
  const { tx, partition, line, tally } = turn;
  const { rows } = await tx.query<{ webhookId: string }>(VISITED, [partition, through]);
  if (rows.length === 0) return;
  const visited = rows.map(({ webhookId }) => webhookId);
  await tx.query(LEAVE_LINE, [partition, visited]);
  await refresh(turn, new Set(visited));
  await tx.query(REJOIN, [partition, visited, nowMs, line + tally.line]);
  tally.line += visited.length;
}
