import type { Queryable } from '@hookline/database';
import { renewChanges } from '../webhooks/renew.ts';
import { webhookIdsAfter } from '../webhooks/store.ts';
import type { Relayed } from './outbox.ts';

/** Short, since whoever changes a webhook waits for the transaction. */
const BATCH = 50;

/** Whether `webhook.changes` is no longer the one that was relayed to, and so lacks webhooks. */
export function isEmptied({ revision, endOffset }: Relayed, end: number): boolean {
  if (revision === 0) return false;
  return endOffset === null ? end === 0 : end < endOffset;
}

/** From now on all webhooks are relayed again, from the first. */
export async function beginRefill(database: Queryable, end: number): Promise<void> {
  await database.query(`UPDATE registry_relay SET refilled_to = '', end_offset = $1`, [end]);
}

/** Has the next webhooks relayed again; says how many. After the last the refill has ended. */
export async function refillNext(tx: Queryable, after: string): Promise<number> {
  const ids = await webhookIdsAfter(tx, after, BATCH);
  await renewChanges(tx, ids);
  await tx.query('UPDATE registry_relay SET refilled_to = $2 WHERE refilled_to = $1', [after, ids.at(-1) ?? null]);
  return ids.length;
}
