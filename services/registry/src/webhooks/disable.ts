import type { Database, Queryable } from '@hookline/database';
import type { Clock } from '@hookline/domain';
import { audit } from '../audit/audit.ts';
import { addChange, takeRevision } from '../changes/outbox.ts';
import { addPlatformEvent } from '../health/platform-events.ts';
import { changeOf } from './change.ts';
import { lockWebhook, updateWebhook, type StoredWebhook } from './store.ts';

/** Why the platform disables a webhook: 410, an answer that says `webhook-delivery: disable`, or nothing but failures for days. */
export type DisabledReason = 'gone' | 'disabled_by_receiver' | 'failing';

/** What a receiver's answer asked for. */
export interface AskedToDisable {
  tenant: string;
  webhookId: string;
  reason: Exclude<DisabledReason, 'failing'>;
  atMs: number;
}

/**
 * Disables the webhook whose receiver asked for it. Says whether it did: not one that is disabled or deleted by now, and not one that was changed after
 * the answer, since it may point elsewhere or have been enabled again (the next such answer comes soon enough, if it does).
 */
export async function disableAsked(database: Database, clock: Clock, asked: AskedToDisable): Promise<boolean> {
  const { tenant, webhookId, reason, atMs } = asked;
  return database.transaction(async (tx) => {
    const webhook = await lockWebhook(tx, tenant, { by: 'id', name: webhookId });
    if (webhook === null || webhook.status === 'disabled' || webhook.updatedAt.getTime() > atMs) return false;
    await disable(tx, clock, webhook, reason);
    return true;
  });
}

/** Within the transaction that holds its lock. Its owner is told by an event. */
export async function disable(
  tx: Queryable,
  clock: Clock,
  webhook: StoredWebhook,
  reason: DisabledReason,
  details: Record<string, string> = {},
): Promise<void> {
  const { id, uid, tenant } = webhook;
  const updatedAt = new Date(clock.now());
  const data = { webhook_id: id, uid, reason, ...details };
  await addPlatformEvent(tx, { tenant, type: 'webhook.disabled', data }, updatedAt);
  const revision = await takeRevision(tx);
  const disabled = { ...webhook, status: 'disabled', disabledReason: reason, revision, updatedAt } as const;
  await updateWebhook(tx, disabled);
  await audit(tx, {
    tenant,
    action: 'webhook.disable',
    target: { type: 'webhook', id },
    before: { status: webhook.status, disabled_reason: webhook.disabledReason },
    after: { status: 'disabled', disabled_reason: reason },
    at: updatedAt,
  });
  await addChange(tx, { revision, webhookId: id, tenant, webhook: changeOf(disabled) });
}
