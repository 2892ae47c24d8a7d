import type { WebhookMessage } from '@hookline/contracts/grpc';
import { sendJson } from '@hookline/service-kit';
import type { Response } from 'express';
import { etagOf, isKnown, revisionsOf } from '../http/etag.ts';
import { readJson, readPatch } from '../http/json-body.ts';
import { readPage } from '../http/query.ts';
import type { Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { patchWebhook } from './patch-webhook.ts';
import { settingsOf, webhookBody } from './webhook-body.ts';
import { WEBHOOK_DOCS } from './webhook-docs.ts';
import { webhookJson } from './webhook-json.ts';

const ALL = '/api/v1/webhooks';
const ONE = '/api/v1/webhooks/{id}';

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
      async handle({ request, response, id, passed }) {
        const ifRevision = revisionsOf(request.headers['if-match']);
        sendWebhook(response, await patchWebhook(registry, { id, passed }, await readPatch(request), { ifRevision }));
      },
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

function sendWebhook(response: Response, webhook: WebhookMessage): void {
  sendJson(response, 200, webhookJson(webhook), { etag: etagOf(webhook.revision) });
}
