import { quotasMessage, quotasOfMessage, type AccessHandlers } from '@hookline/contracts/grpc';
import { requireScope } from '@hookline/domain';
import type { QuotasInForce, TenantQuotas } from '../quotas/quotas.ts';
import type { Authenticated, Unary } from './unary.ts';

/** Of proto/hookline/v1/access.proto. */
export function quotaHandlers(
  quotas: TenantQuotas,
  { unary, authenticated }: { unary: Unary; authenticated: Authenticated },
): Pick<AccessHandlers, 'GetQuotas' | 'SetQuotas' | 'ListQuotas'> {
  return {
    // Everybody may know what holds for themselves.
    GetQuotas: authenticated('GetQuotas', null, async ({ tenant }, identity) => {
      if (tenant !== '') requireScope(identity.scopes, 'tenants:admin');
      return tenantQuotasMessage(await quotas.get(tenant === '' ? identity.tenant : tenant));
    }),
    SetQuotas: authenticated('SetQuotas', 'tenants:admin', async ({ tenant, quotas: wanted }) =>
      tenantQuotasMessage(await quotas.set(tenant, quotasOfMessage(wanted))),
    ),
    ListQuotas: unary('ListQuotas', async ({ cursor }) => {
      const { changes, ...others } = await quotas.quotaChanges(cursor);
      return {
        ...others,
        changes: changes.map(({ tenant, overrides }) => ({ tenant, overrides: quotasMessage(overrides) })),
      };
    }),
  };
}

function tenantQuotasMessage({ tenant, overrides, inForce, webhooks }: QuotasInForce) {
  return { tenant, overrides: quotasMessage(overrides), inForce: quotasMessage(inForce), webhooks };
}
