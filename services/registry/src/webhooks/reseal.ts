import type { Database, Queryable } from '@hookline/database';
import type { Sealing } from '@hookline/service-kit';
import { addChange, takeRevision } from '../changes/outbox.ts';
import { changeOf } from './change.ts';
import { lockWebhooksOfAnyTenant, updateWebhook, webhookIdsAfter, type StoredWebhook } from './store.ts';

/** Short, since whoever changes a webhook waits for the transaction. */
const BATCH = 50;

/**
 * Seals with the current key what is sealed with another one, and has it relayed to the dispatchers. May be broken off at any time and run again: what is
 * done is left alone.
 * @returns how many webhooks were sealed anew
 */
export async function resealAll(database: Database, sealing: Sealing): Promise<number> {
  let renewed = 0;
  let ids = await webhookIdsAfter(database, '', BATCH);
  while (ids.length > 0) {
    const batch = ids;
    renewed += await database.transaction((tx) => resealSome(tx, sealing, batch));
    ids = await webhookIdsAfter(database, ids.at(-1) as string, BATCH);
  }
  return renewed;
}

async function resealSome(tx: Queryable, sealing: Sealing, ids: readonly string[]): Promise<number> {
  const old = (await lockWebhooksOfAnyTenant(tx, ids)).filter((webhook) => !isCurrent(webhook, sealing));
  for (const webhook of old) {
    const revision = await takeRevision(tx);
    const resealed = { ...resealedWebhook(webhook, sealing), revision };
    await updateWebhook(tx, resealed);
    await addChange(tx, { revision, webhookId: webhook.id, tenant: webhook.tenant, webhook: changeOf(resealed) });
  }
  return old.length;
}

function isCurrent({ sealedHeaders, sealedSecrets, sealedCredentials }: StoredWebhook, sealing: Sealing): boolean {
  return [sealedHeaders, sealedSecrets, sealedCredentials].every(
    (sealed) => sealed === null || sealing.isCurrent(sealed),
  );
}

/** Each is bound to what it is and whose (seals.ts). */
function resealedWebhook(webhook: StoredWebhook, sealing: Sealing): StoredWebhook {
  const { id, sealedHeaders, sealedSecrets, sealedCredentials } = webhook;
  const reseal = (sealed: string, what: string) => sealing.seal(sealing.open(sealed, `${what}:${id}`), `${what}:${id}`);
  return {
    ...webhook,
    sealedHeaders: reseal(sealedHeaders, 'headers'),
    sealedSecrets: reseal(sealedSecrets, 'secrets'),
    sealedCredentials: sealedCredentials === null ? null : reseal(sealedCredentials, 'credentials'),
  };
}
