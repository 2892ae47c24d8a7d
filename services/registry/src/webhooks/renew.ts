import type { Queryable } from '@hookline/database';
import { addChange, takeRevision } from '../changes/outbox.ts';
import { changeOf } from './change.ts';
import { lockWebhooksOfAnyTenant, updateWebhook } from './store.ts';

/** Has webhooks relayed again as they are now, or as deleted, under new revisions. */
export async function renewChanges(tx: Queryable, ids: readonly string[]): Promise<void> {
  const webhooks = await lockWebhooksOfAnyTenant(tx, ids);
  for (const webhook of webhooks) {
    const revision = await takeRevision(tx);
    await updateWebhook(tx, { ...webhook, revision });
    await addChange(tx, { revision, webhookId: webhook.id, tenant: webhook.tenant, webhook: changeOf(webhook) });
  }
  const present = new Set(webhooks.map(({ id }) => id));
  for (const id of ids) {
    if (present.has(id)) continue;
    await addChange(tx, { revision: await takeRevision(tx), webhookId: id, webhook: null, tenant: '' });
  }
}
