import type { Breakers, Tallies } from '@hookline/limits';
import type { SigningKeys, Tracer } from '@hookline/service-kit';
import type { AccessClient } from '../access-client.ts';
import { dialectRoutes } from '../dialects/all.ts';
import type { Upstream } from '../forward.ts';
import type { EdgeLimits } from '../http/limits.ts';
import type { DirectRoute, Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { apiKeyRoutes } from './api-keys.ts';
import type { Accept } from '../stream/accept.ts';
import { authRoutes } from './auth.ts';
import { documentRoutes } from './document.ts';
import { eventTypeRoutes } from './event-types.ts';
import { eventRoutes } from './events.ts';
import { jwksRoutes } from './jwks.ts';
import { logRoutes } from './log.ts';
import { oauthRoutes } from './oauth.ts';
import { portalRoutes } from './portal.ts';
import { quotaRoutes } from './quotas.ts';
import { tenantRoutes } from './tenants.ts';
import { streamRoutes } from './stream.ts';
import { webhookSecretRoutes } from './webhook-secrets.ts';
import { webhookTestRoutes } from './webhook-test.ts';
import { webhookRoutes } from './webhooks.ts';

export interface RoutesDependencies {
  registry: RegistryClient;
  access: AccessClient;
  signingKeys: Pick<SigningKeys, 'jwks'>;
  /** Where the operator's portal is. */
  portalUrl?: string | undefined;
  ingestion: Upstream;
  observability: Upstream;
  limits: EdgeLimits;
  breakers: Pick<Breakers, 'report'>;
  tracer: Tracer;
  accept: Accept;
  tallies: Tallies;
  now: () => number;
}

export interface Routes {
  /** All of them, in the order of the document. */
  all: Route[];
  /** Of these, those that go without Express. */
  direct: DirectRoute[];
}

export function createRoutes(dependencies: RoutesDependencies): Routes {
  const { registry, access, signingKeys, portalUrl, ingestion, observability, limits, tracer, accept, tallies, now } =
    dependencies;
  const direct = eventRoutes({ registry, ingestion, tracer });
  const routes: Route[] = [
    ...authRoutes(registry, access, limits),
    ...oauthRoutes(access, limits),
    ...jwksRoutes(signingKeys, limits),
    ...apiKeyRoutes(access),
    ...tenantRoutes(access),
    ...quotaRoutes({ access, tallies, now }),
    ...portalRoutes(access, limits, portalUrl),
    ...webhookRoutes(registry),
    ...webhookSecretRoutes(registry, limits),
    ...webhookTestRoutes(registry),
    ...eventTypeRoutes(registry),
    ...direct,
    ...logRoutes({ registry, observability }),
    ...streamRoutes(accept),
    ...dialectRoutes(dependencies),
  ];
  return { all: [...routes, ...documentRoutes(routes)], direct };
}
