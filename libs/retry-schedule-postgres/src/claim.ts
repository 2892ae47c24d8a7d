import { HELD_MS, type Claimed, type ClaimRequest, type Due, type ScheduleBounds } from '@hookline/retry-schedule';
import type { Turn } from './cursor.ts';
import { readUsage, type Owned } from './usage.ts';
import { joinLine, passLine, refresh } from './webhooks.ts';

/* The first parameter is the partition. */

/** $2 now. When there is something to claim: in the past, now, later, or never. */
export const NEXT = `
  SELECT CASE
    WHEN EXISTS (SELECT FROM retry_webhooks WHERE partition = $1 AND line IS NOT NULL)
      OR EXISTS (SELECT FROM retry_entries WHERE partition = $1 AND state = 'excess') THEN $2::bigint
    ELSE least(
      (SELECT next_at_ms FROM retry_webhooks WHERE partition = $1 AND line IS NULL AND next_at_ms IS NOT NULL ORDER BY next_at_ms LIMIT 1),
      (SELECT claimed_until_ms FROM retry_entries WHERE partition = $1 AND state = 'claimed' ORDER BY claimed_until_ms LIMIT 1))
  END AS "nextAtMs"`;

/** $2 now, $3 limit */
const EXPIRE = `
  UPDATE retry_entries SET state = CASE WHEN is_excess THEN 'excess' ELSE 'waiting' END, claimed_until_ms = NULL
  WHERE partition = $1 AND delivery_id = ANY (ARRAY(
    SELECT delivery_id FROM retry_entries WHERE partition = $1 AND state = 'claimed' AND claimed_until_ms <= $2
    ORDER BY claimed_until_ms, delivery_id LIMIT $3))
  RETURNING webhook_id AS "webhookId", is_excess AS "isExcess"`;

/** $2 limit */
const EXCESS = `
  SELECT delivery_id AS "deliveryId", webhook_id AS "webhookId", tenant, octet_length(entry) AS "sizeBytes"
  FROM retry_entries WHERE partition = $1 AND state = 'excess' ORDER BY "offset", delivery_id LIMIT $2`;

/** $2 deliveries */
const ADMIT = `UPDATE retry_entries SET state = 'waiting', is_excess = false WHERE partition = $1 AND delivery_id = ANY ($2)`;

/** $2 now, $3 per webhook, $4 limit. Of each webhook in line what it would give, in the line's order. */
const OFFERED = `
  SELECT w.line, e.delivery_id AS "deliveryId", e.size_bytes AS "sizeBytes" FROM retry_webhooks w, LATERAL (
    SELECT delivery_id, due_at_ms, octet_length(entry) AS size_bytes FROM retry_entries
    WHERE partition = $1 AND webhook_id = w.webhook_id AND state = 'waiting'
      AND due_at_ms <= $2::bigint - CASE WHEN w.held THEN ${HELD_MS} ELSE 0 END
    ORDER BY due_at_ms, delivery_id LIMIT $3) AS e
  WHERE w.partition = $1 AND w.line IS NOT NULL
  ORDER BY w.line, e.due_at_ms, e.delivery_id LIMIT $4`;

/** $2 deliveries, $3 claimed until. In the order given. */
const TAKE = `
  WITH taken AS (
    UPDATE retry_entries SET state = 'claimed', claimed_until_ms = $3 WHERE partition = $1 AND delivery_id = ANY ($2)
    RETURNING delivery_id, webhook_id, tenant, "offset", attempt, due_at_ms, is_excess, entry
  )
  SELECT delivery_id AS "deliveryId", webhook_id AS "webhookId", tenant, "offset", attempt, due_at_ms AS "dueAtMs", is_excess AS excess, entry
  FROM taken ORDER BY array_position($2::text[], delivery_id)`;

interface Offered {
  deliveryId: string;
  sizeBytes: number;
}

export async function claim(turn: Turn, request: ClaimRequest, bounds: ScheduleBounds): Promise<Due> {
  const { tx, partition, tally } = turn;
  const { nowMs, limit, maxBytes, claimMs } = request;
  const touched = await expire(turn, nowMs, limit);
  const basket = createBasket(limit, maxBytes);
  const tookAll = await takeExcess(turn, basket, limit, bounds, touched);
  tally.excess -= basket.ids.length;
  await refresh(turn, touched);
  const excessCount = basket.ids.length;
  let passed: number | null = null;
  if (tookAll) {
    await joinLine(turn, nowMs, limit);
    passed = await takeDue(turn, basket, request);
  }
  tally.waiting -= basket.ids.length - excessCount;
  tally.claimed += basket.ids.length;
  const taken = basket.ids.length === 0 ? [] : await take(turn, basket.ids, nowMs + claimMs);
  if (passed !== null) await passLine(turn, passed, nowMs);
  const { rows } = await tx.query<{ nextAtMs: number | null }>(NEXT, [partition, nowMs]);
  return { entries: taken, nextAtMs: rows[0]?.nextAtMs ?? null };
}

/** What a call takes: at most so many, and so many bytes (but at least one). */
function createBasket(limit: number, maxBytes: number) {
  const ids: string[] = [];
  let room = maxBytes;
  return {
    ids,
    isFull: () => ids.length === limit,
    /** Whether there was room for it. */
    put({ deliveryId, sizeBytes }: Offered): boolean {
      if (ids.length === limit || (room < sizeBytes && ids.length > 0)) return false;
      room -= sizeBytes;
      ids.push(deliveryId);
      return true;
    },
  };
}

type Basket = ReturnType<typeof createBasket>;

/** Resolves with the webhooks whose entries wait again. */
async function expire({ tx, partition, tally }: Turn, nowMs: number, limit: number): Promise<Set<string>> {
  const { rows } = await tx.query<{ webhookId: string; isExcess: boolean }>(EXPIRE, [partition, nowMs, limit]);
  tally.claimed -= rows.length;
  for (const { isExcess } of rows) tally[isExcess ? 'excess' : 'waiting']++;
  return new Set(rows.map(({ webhookId }) => webhookId));
}

/** Resolves with whether there was room for all that it looked at. */
async function takeExcess(
  turn: Turn,
  basket: Basket,
  limit: number,
  bounds: ScheduleBounds,
  touched: Set<string>,
): Promise<boolean> {
  const { tx, partition, tally } = turn;
  const { rows } = await tx.query<Offered & Owned>(EXCESS, [partition, limit]);
  if (rows.length === 0) return true;
  const usage = await readUsage(tx, rows, bounds);
  const admitted: string[] = [];
  let tookAll = true;
  for (const entry of rows) {
    if (usage.hasRoom(entry)) {
      admitted.push(entry.deliveryId);
      touched.add(entry.webhookId);
      usage.count(entry, 1);
    } else if (!basket.put(entry)) {
      tookAll = false;
      break;
    }
  }
  if (admitted.length > 0) await tx.query(ADMIT, [partition, admitted]);
  tally.excess -= admitted.length;
  tally.waiting += admitted.length;
  await usage.keep(turn);
  return tookAll;
}

/** Resolves with the place in the line up to which all had their turn, null where nobody had. */
async function takeDue(
  { tx, partition, line, tally }: Turn,
  basket: Basket,
  request: ClaimRequest,
): Promise<number | null> {
  if (basket.isFull()) return null;
  const { nowMs, limit, perWebhook } = request;
  const atMost = limit - basket.ids.length;
  const { rows } = await tx.query<Offered & { line: number }>(OFFERED, [partition, nowMs, perWebhook, atMost]);
  let gave: number | null = null;
  for (const offered of rows) {
    // Who has given nothing yet stays where it is.
    if (!basket.put(offered)) return gave === offered.line ? gave : offered.line - 1;
    gave = offered.line;
  }
  return basket.isFull() ? gave : line + tally.line;
}

async function take({ tx, partition }: Turn, ids: string[], untilMs: number): Promise<Claimed[]> {
  return (await tx.query<Claimed>(TAKE, [partition, ids, untilMs])).rows;
}
