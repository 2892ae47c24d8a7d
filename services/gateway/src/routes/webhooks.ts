import type { WebhookMessage } from '@hookline/contracts/grpc';
import { PreconditionFailed } from '@hookline/domain';
import { sendJson } from '@hookline/service-kit';
import type { Response } from 'express';
import { etagOf, isKnown, revisionsOf } from '../http/etag.ts';
import { checkJson, readJson, readPatch } from '../http/json-body.ts';
import { mergePatch } from '../http/merge-patch.ts';
import { readPage } from '../http/query.ts';
import type { Call, Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { settingsOf, webhookBody } from './webhook-body.ts';
import { WEBHOOK_DOCS } from './webhook-docs.ts';
import { settingsJson, webhookJson } from './webhook-json.ts';

const ALL = '/api/v1/webhooks';
const ONE = '/api/v1/webhooks/{id}';
/** A patch that somebody else's change overtakes is made again. */
const MAX_PATCHES = 5;

/** Webhooks as a resource. `{id}` is the webhook's id, or the client's own name for it. */
export function webhookRoutes(registry: RegistryClient): Route[] {
  return [
    {
      method: 'POST',
      path: ALL,
      access: 'webhooks:write',
      doc: WEBHOOK_DOCS.create,
      async handle({ request, response, passed }) {
        const settings = settingsOf(await readJson(request, webhookBody));
        const webhook = await registry.createWebhook({ settings }, passed);
        const headers = {
          location: `${ALL}/${webhook.id}`,
          etag: etagOf(webhook.revision),
          'cache-control': 'no-store',
        };
        sendJson(response, 201, { ...webhookJson(webhook), secret: webhook.secret }, headers);
      },
    },
    {
      method: 'GET',
      path: ALL,
      access: 'webhooks:read',
      doc: WEBHOOK_DOCS.list,
      async handle({ request, response, passed }) {
        const { webhooks, nextCursor } = await registry.listWebhooks(readPage(request), passed);
        sendJson(response, 200, {
          data: webhooks.map(webhookJson),
          next_cursor: nextCursor === '' ? null : nextCursor,
        });
      },
    },
    {
      method: 'GET',
      path: ONE,
      access: 'webhooks:read',
      doc: WEBHOOK_DOCS.get,
      async handle({ request, response, id, passed }) {
        const webhook = await registry.getWebhook({ id }, passed);
        const etag = etagOf(webhook.revision);
        if (isKnown(request.headers['if-none-match'], etag)) response.writeHead(304, { etag }).end();
        else sendWebhook(response, webhook);
      },
    },
    {
      method: 'PUT',
      path: ONE,
      access: 'webhooks:write',
      doc: WEBHOOK_DOCS.replace,
      async handle({ request, response, id, passed }) {
        const settings = settingsOf(await readJson(request, webhookBody));
        const ifRevision = revisionsOf(request.headers['if-match']);
        sendWebhook(response, await registry.replaceWebhook({ id, settings, ifRevision }, passed));
      },
    },
    {
      method: 'PATCH',
      path: ONE,
      access: 'webhooks:write',
      doc: WEBHOOK_DOCS.patch,
      handle: async (call) => sendWebhook(call.response, await patch(registry, call)),
    },
    {
      method: 'DELETE',
      path: ONE,
      access: 'webhooks:write',
      doc: WEBHOOK_DOCS.delete,
      async handle({ request, response, id, passed }) {
        await registry.deleteWebhook({ id, ifRevision: revisionsOf(request.headers['if-match']) }, passed);
        response.writeHead(204).end();
      },
    },
    ...(['disable', 'enable', 'pause', 'resume'] as const).map((action): Route => ({
      method: 'POST',
      path: `${ONE}/${action}`,
      access: 'webhooks:write',
      doc: WEBHOOK_DOCS.turn(action),
      async handle({ request, response, id, passed }) {
        const ifRevision = revisionsOf(request.headers['if-match']);
        const call = { id, action: action.toUpperCase() as Uppercase<typeof action>, ifRevision };
        sendWebhook(response, await registry.setWebhookStatus(call, passed));
      },
    })),
  ];
}

/** Reads it, merges, and replaces what was read; from the start again if it was changed in between. */
async function patch(registry: RegistryClient, { request, id, passed }: Call): Promise<WebhookMessage> {
  const given = withoutOrder(await readPatch(request));
  const wanted = revisionsOf(request.headers['if-match']);
  for (let patches = 1; ; patches++) {
    const webhook = await registry.getWebhook({ id }, passed);
    if (wanted.length > 0 && !wanted.includes(webhook.revision)) {
      throw new PreconditionFailed('The webhook was changed meanwhile: read it again.');
    }
    const settings = settingsOf(checkJson(mergePatch(settingsJson(webhook), given), webhookBody));
    // What the patch doesn't name may be read as it was, and stays so: a uid that it removes must be sent as removed.
    settings.uid ??= '';
    try {
      return await registry.replaceWebhook({ id: webhook.id, settings, ifRevision: [webhook.revision] }, passed);
    } catch (error) {
      if (!(error instanceof PreconditionFailed) || wanted.length > 0 || patches >= MAX_PATCHES) throw error;
    }
  }
}

/** Where it takes the order away it takes its key, too; a key that the patch itself names is checked. */
function withoutOrder(patch: { ordering?: unknown }): object {
  return patch.ordering === 'none' || patch.ordering === null ? { ordering_key: null, ...patch } : patch;
}

function sendWebhook(response: Response, webhook: WebhookMessage): void {
  sendJson(response, 200, webhookJson(webhook), { etag: etagOf(webhook.revision) });
}
