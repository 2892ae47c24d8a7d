import type { ScheduleBounds, ScheduleChange } from '@hookline/retry-schedule';
import type { State, Turn } from './cursor.ts';
import { readUsage, type Owned, type Usage } from './usage.ts';
import { refresh } from './webhooks.ts';

/*
 * Entries are named by `= ANY (array)`: that is looked up in the primary key whatever the planner knows of these tables, which change
 * faster than their statistics; a join may become a scan of the partition. The first parameter is the partition.
 */

/** $2 deliveries */
const FIND = `
  SELECT delivery_id AS "deliveryId", webhook_id AS "webhookId", tenant, attempt, is_excess AS "isExcess", state, octet_length(entry) AS "sizeBytes"
  FROM retry_entries WHERE partition = $1 AND delivery_id = ANY ($2)`;

/** $2 deliveries */
const REMOVE = 'DELETE FROM retry_entries WHERE partition = $1 AND delivery_id = ANY ($2)';

/** $2 deliveries, $3 webhooks, $4 tenants, $5 offsets, $6 attempts, $7 due times, $8 whether excess, $9 entries */
const ADD = `
  INSERT INTO retry_entries (partition, delivery_id, webhook_id, tenant, "offset", attempt, due_at_ms, is_excess, state, entry)
  SELECT $1, delivery_id, webhook_id, tenant, "offset", attempt, due_at_ms, is_excess, CASE WHEN is_excess THEN 'excess' ELSE 'waiting' END, entry
  FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::integer[], $7::bigint[], $8::boolean[], $9::bytea[])
    AS added (delivery_id, webhook_id, tenant, "offset", attempt, due_at_ms, is_excess, entry)`;

/** $2 offset, $3 now */
const MOVE = 'UPDATE retry_cursors SET "offset" = $2, applied_at_ms = $3 WHERE partition = $1';

type Wait = ScheduleChange & { kind: 'wait' };

interface Known extends Owned {
  attempt: number;
  isExcess: boolean;
  /** Set where it comes with this call. */
  wait?: Wait;
}

interface Held extends Known {
  deliveryId: string;
  state: State;
}

export async function apply(
  turn: Turn,
  changes: readonly ScheduleChange[],
  nextOffset: number,
  nowMs: number,
  bounds: ScheduleBounds,
): Promise<void> {
  const { tx, partition } = turn;
  const ids = [...new Set(changes.map(({ deliveryId }) => deliveryId))];
  const held = ids.length === 0 ? [] : (await tx.query<Held>(FIND, [partition, ids])).rows;
  const waits = changes.filter((change) => change.kind === 'wait');
  const usage = await readUsage(tx, [...held, ...waits.map(ownedBy)], bounds);
  const known = new Map<string, Known>(held.map((entry) => [entry.deliveryId, entry]));
  for (const change of changes) follow(known, change, usage);

  // What is no longer as it was.
  const removed = held.filter((entry) => known.get(entry.deliveryId) !== entry);
  const added = [...known.values()].filter((entry) => entry.wait !== undefined);
  await remove(turn, removed);
  await add(turn, added);
  await usage.keep(turn);
  await refresh(turn, new Set([...removed, ...added].map(({ webhookId }) => webhookId)));
  await tx.query(MOVE, [partition, nextOffset, nowMs]);
}

/** One change, in its order. */
function follow(known: Map<string, Known>, change: ScheduleChange, usage: Usage): void {
  const current = known.get(change.deliveryId);
  if (change.kind === 'wait' && current !== undefined && change.attempt < current.attempt) return;
  if (current !== undefined) {
    known.delete(change.deliveryId);
    if (!current.isExcess) usage.count(current, -1);
  }
  if (change.kind === 'settled') return;
  const owned = ownedBy(change);
  const isExcess = (current === undefined || current.isExcess) && !usage.hasRoom(owned);
  if (!isExcess) usage.count(owned, 1);
  known.set(change.deliveryId, { ...owned, attempt: change.attempt, isExcess, wait: change });
}

async function remove({ tx, partition, tally }: Turn, removed: Held[]): Promise<void> {
  if (removed.length === 0) return;
  await tx.query(REMOVE, [partition, removed.map(({ deliveryId }) => deliveryId)]);
  for (const { state, sizeBytes } of removed) {
    tally[state]--;
    tally.bytes -= sizeBytes;
  }
}

async function add({ tx, partition, tally }: Turn, added: Known[]): Promise<void> {
  if (added.length === 0) return;
  const waits = added.map(({ wait }) => wait!);
  await tx.query(ADD, [
    partition,
    waits.map(({ deliveryId }) => deliveryId),
    waits.map(({ webhookId }) => webhookId),
    waits.map(({ tenant }) => tenant),
    waits.map(({ offset }) => offset),
    waits.map(({ attempt }) => attempt),
    waits.map(({ dueAtMs }) => dueAtMs),
    added.map(({ isExcess }) => isExcess),
    waits.map(({ entry }) => entry),
  ]);
  for (const { isExcess, sizeBytes } of added) {
    tally[isExcess ? 'excess' : 'waiting']++;
    tally.bytes += sizeBytes;
  }
}

function ownedBy({ webhookId, tenant, entry }: Wait): Owned {
  return { webhookId, tenant, sizeBytes: entry.length };
}
