import type { DeadLetter } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import type { Clock } from '@hookline/domain';
import { addChange, takeRevision } from '../changes/outbox.ts';
import { changeOf } from './change.ts';
import { lockWebhook, updateWebhook } from './store.ts';

/**
 * Disables the webhook whose receiver answered 410. Says whether it did: not one that is disabled or deleted by now, and not one that was
 * changed after the answer, since it may point elsewhere or have been enabled again (the next 410 comes soon enough, if it does).
 */
export async function disableGone(database: Database, clock: Clock, letter: DeadLetter): Promise<boolean> {
  const { webhookId, deadAtMs } = letter;
  const { tenant } = letter.event;
  return database.transaction(async (tx) => {
    const webhook = await lockWebhook(tx, tenant, { by: 'id', name: webhookId });
    if (webhook === null || webhook.status === 'disabled' || webhook.updatedAt.getTime() > deadAtMs) return false;
    const revision = await takeRevision(tx);
    const updatedAt = new Date(clock.now());
    const disabled = { ...webhook, status: 'disabled', disabledReason: 'gone', revision, updatedAt } as const;
    await updateWebhook(tx, disabled);
    await addChange(tx, { revision, webhookId, tenant, webhook: changeOf(disabled) });
    return true;
  });
}
