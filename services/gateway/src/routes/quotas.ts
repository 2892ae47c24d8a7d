import { quotasMessage, quotasOfMessage, type TenantQuotasMessage } from '@hookline/contracts/grpc';
import { nextUtcDayMs, QUOTAS, type QuotaName, type QuotaOverrides, type Quotas } from '@hookline/domain';
import { eventsKey, usedToday, type Tallies } from '@hookline/limits';
import { sendJson, within } from '@hookline/service-kit';
import type { ServerResponse } from 'node:http';
import type { AccessClient } from '../access-client.ts';
import { readJson } from '../http/json-body.ts';
import type { Route } from '../http/route.ts';
import { QUOTA_DOCS, quotasBody } from './quota-docs.ts';

const OF_TENANT = '/api/v1/tenants/{id}/quotas';
const COUNTED_WITHIN_MS = 500;

export interface QuotaRoutesDependencies {
  access: AccessClient;
  /** Where ingestion counts. */
  tallies: Tallies;
  now: () => number;
}

/** What a tenant may have, and how much of it is used. */
export function quotaRoutes({ access, tallies, now }: QuotaRoutesDependencies): Route[] {
  /** null: nobody can say just now. */
  async function eventsToday(tenant: string): Promise<number | null> {
    const used = usedToday(tallies, eventsKey(tenant), now());
    return within(COUNTED_WITHIN_MS, 'the store of counts', used).catch(() => null);
  }

  async function send(response: ServerResponse, message: TenantQuotasMessage): Promise<void> {
    const { tenant, webhooks } = message;
    const overrides = quotasOfMessage(message.overrides);
    const inForce = quotasOfMessage(message.inForce) as Quotas;
    const limitOn = (name: QuotaName) => limitJson(inForce[name], overrides[name]);
    sendJson(response, 200, {
      tenant,
      webhooks: { ...limitOn('webhooks'), used: webhooks },
      events_per_day: {
        ...limitOn('events_per_day'),
        used: await eventsToday(tenant),
        resets_at: new Date(nextUtcDayMs(now())).toISOString(),
      },
      payload_bytes: limitOn('payload_bytes'),
    });
  }

  return [
    {
      method: 'GET',
      path: '/api/v1/quotas',
      access: 'token',
      doc: QUOTA_DOCS.own,
      handle: async ({ response, passed }) => send(response, await access.getQuotas({ tenant: '' }, passed)),
    },
    {
      method: 'GET',
      path: OF_TENANT,
      access: 'tenants:admin',
      doc: QUOTA_DOCS.get,
      handle: async ({ response, id, passed }) => send(response, await access.getQuotas({ tenant: id }, passed)),
    },
    {
      method: 'PUT',
      path: OF_TENANT,
      access: 'tenants:admin',
      doc: QUOTA_DOCS.set,
      async handle({ request, response, id, passed }) {
        const wanted = await readJson(request, quotasBody);
        const quotas = quotasMessage(overridesOf(wanted));
        await send(response, await access.setQuotas({ tenant: id, quotas }, passed));
      },
    },
  ];
}

function limitJson(inForce: number, override: number | undefined) {
  return { limit: inForce === 0 ? null : inForce, is_default: override === undefined };
}

function overridesOf(wanted: { [Name in keyof Quotas]?: number | null | undefined }): QuotaOverrides {
  return Object.fromEntries(QUOTAS.flatMap((name) => (typeof wanted[name] === 'number' ? [[name, wanted[name]]] : [])));
}
