import type { EntryRef, HandOver } from '@hookline/retry-schedule';
import type { State, Turn } from './cursor.ts';
import { refresh } from './webhooks.ts';

/* The first parameter is the partition, then deliveries and offsets: an entry at another offset is a newer one. */

/** $4 handed over at. Also those whose claim ran out meanwhile: they were appended. */
const MARK = `
  WITH mark AS (
    SELECT * FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS mark (delivery_id, "offset", handed_over_at)
  ), before AS (
    SELECT e.delivery_id, e.state FROM retry_entries e WHERE e.partition = $1 AND e.delivery_id = ANY ($2)
  )
  UPDATE retry_entries e SET state = 'handed_over', claimed_until_ms = NULL,
    handed_over_at = greatest(e.handed_over_at, mark.handed_over_at)
  FROM mark, before
  WHERE e.partition = $1 AND e.delivery_id = ANY ($2) AND e.delivery_id = mark.delivery_id AND e."offset" = mark."offset"
    AND before.delivery_id = e.delivery_id
  RETURNING e.webhook_id AS "webhookId", before.state AS "from", e.state AS "to"`;

/** $4 now */
const PUT_BACK = `
  WITH back AS (
    SELECT e.delivery_id, e.state FROM retry_entries e
    JOIN unnest($2::text[], $3::bigint[]) AS back (delivery_id, "offset") USING (delivery_id, "offset")
    WHERE e.partition = $1 AND e.delivery_id = ANY ($2) AND e.state IN ('claimed', 'handed_over')
  )
  UPDATE retry_entries e SET state = CASE WHEN e.is_excess THEN 'excess' ELSE 'waiting' END, due_at_ms = $4, claimed_until_ms = NULL,
    handed_over_at = NULL
  FROM back WHERE e.partition = $1 AND e.delivery_id = ANY ($2) AND e.delivery_id = back.delivery_id
  RETURNING e.webhook_id AS "webhookId", back.state AS "from", e.state AS "to"`;

interface Moved {
  webhookId: string;
  from: State;
  to: State;
}

export function markHandedOver(turn: Turn, marks: readonly HandOver[]): Promise<number> {
  return move(turn, MARK, marks, [marks.map(({ handedOverAt }) => handedOverAt)]);
}

export function putBack(turn: Turn, entries: readonly EntryRef[], nowMs: number): Promise<number> {
  return move(turn, PUT_BACK, entries, [nowMs]);
}

async function move(
  turn: Turn,
  statement: string,
  refs: readonly EntryRef[],
  more: (number | number[])[],
): Promise<number> {
  const { tx, partition, tally } = turn;
  const columns = [refs.map(({ deliveryId }) => deliveryId), refs.map(({ offset }) => offset)];
  const { rows } = await tx.query<Moved>(statement, [partition, ...columns, ...more]);
  const touched = new Set<string>();
  for (const { webhookId, from, to } of rows) {
    tally[from]--;
    tally[to]++;
    if (from === 'waiting' || to === 'waiting') touched.add(webhookId);
  }
  await refresh(turn, touched);
  return rows.length;
}
