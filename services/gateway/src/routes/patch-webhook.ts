import type { WebhookMessage } from '@hookline/contracts/grpc';
import { PreconditionFailed } from '@hookline/domain';
import { checkJson } from '../http/json-body.ts';
import { mergePatch } from '../http/merge-patch.ts';
import type { Call } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { settingsOf, webhookBody } from './webhook-body.ts';
import { settingsJson } from './webhook-json.ts';

/** A patch that somebody else's change overtakes is made again. */
const MAX_PATCHES = 5;

export interface PatchOptions {
  /** Only if it has one of these; empty: whatever it has. */
  ifRevision?: readonly number[];
  /** A secret may have as few characters as other systems' have. */
  shortSecret?: boolean;
}

/** Reads a webhook, merges, and replaces what was read; from the start again if it was changed in between. @throws PreconditionFailed, InvalidInput */
export async function patchWebhook(
  registry: RegistryClient,
  { id, passed }: Pick<Call, 'id' | 'passed'>,
  patch: object,
  { ifRevision = [], shortSecret = false }: PatchOptions = {},
): Promise<WebhookMessage> {
  const given = withoutOrder(patch);
  for (let patches = 1; ; patches++) {
    const webhook = await registry.getWebhook({ id }, passed);
    if (ifRevision.length > 0 && !ifRevision.includes(webhook.revision)) {
      throw new PreconditionFailed('The webhook was changed meanwhile: read it again.');
    }
    const settings = settingsOf(checkJson(mergePatch(settingsJson(webhook), given), webhookBody));
    // What the patch doesn't name may be read as it was, and stays so: a uid that it removes must be sent as removed.
    settings.uid ??= '';
    if (shortSecret) settings.shortSecret = true;
    try {
      return await registry.replaceWebhook({ id: webhook.id, settings, ifRevision: [webhook.revision] }, passed);
    } catch (error) {
      if (!(error instanceof PreconditionFailed) || ifRevision.length > 0 || patches >= MAX_PATCHES) throw error;
    }
  }
}

/** Where it takes the order away it takes its key, too; a key that the patch itself names is checked. */
function withoutOrder(patch: { ordering?: unknown }): object {
  return patch.ordering === 'none' || patch.ordering === null ? { ordering_key: null, ...patch } : patch;
}
