import { sendJson } from '@hookline/service-kit';
import type { AccessClient } from '../access-client.ts';
import { readJson, readOptionalJson } from '../http/json-body.ts';
import type { EdgeLimits } from '../http/limits.ts';
import type { Route } from '../http/route.ts';
import { portalBody, portalLinkBody } from './access-schemas.ts';
import { PORTAL_DOCS } from './portal-docs.ts';

const NOT_STORED = { 'cache-control': 'no-store' };

/** Letting a customer see what is theirs without an account. @param portalUrl where the operator's portal is; undefined: there is none */
export function portalRoutes(access: AccessClient, limits: EdgeLimits, portalUrl: string | undefined): Route[] {
  return [
    {
      method: 'POST',
      path: '/api/v1/portal-links',
      access: 'keys:write',
      doc: PORTAL_DOCS.create,
      async handle({ request, response, passed }) {
        const { tenant, session } = await readOptionalJson(request, portalLinkBody);
        const wanted = {
          tenant: tenant ?? '',
          ...(session === undefined || session === null ? {} : { sessionMs: session }),
        };
        const { id, tenant: of, code, expiresAt } = await access.createPortalLink(wanted, passed);
        // Behind #: what stands there is not sent to servers, and not logged by them.
        const url = portalUrl === undefined ? null : `${portalUrl}#code=${code}`;
        sendJson(response, 201, { id, tenant: of, code, url, expires_at: expiresAt }, NOT_STORED);
      },
    },
    {
      method: 'POST',
      path: '/auth/portal',
      access: 'public',
      doc: PORTAL_DOCS.open,
      async handle({ request, response, passed }) {
        limits.anonymous(request, response);
        const { token, expiresIn, tenant, scopes } = await access.openPortal(
          await readJson(request, portalBody),
          passed,
        );
        const answer = { token, token_type: 'Bearer', expires_in: expiresIn, tenant, scopes };
        sendJson(response, 200, answer, NOT_STORED);
      },
    },
  ];
}
