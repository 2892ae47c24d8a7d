import type { Tracer } from '@hookline/service-kit';
import type { Upstream } from '../forward.ts';
import type { EdgeLimits } from '../http/limits.ts';
import type { DirectRoute, Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { authRoutes } from './auth.ts';
import { documentRoutes } from './document.ts';
import { eventTypeRoutes } from './event-types.ts';
import { eventRoutes } from './events.ts';
import { logRoutes } from './log.ts';
import { webhookSecretRoutes } from './webhook-secrets.ts';
import { webhookTestRoutes } from './webhook-test.ts';
import { webhookRoutes } from './webhooks.ts';

export interface RoutesDependencies {
  registry: RegistryClient;
  ingestion: Upstream;
  observability: Upstream;
  limits: EdgeLimits;
  tracer: Tracer;
}

export interface Routes {
  /** All of them, in the order of the document. */
  all: Route[];
  /** Of these, those that go without Express. */
  direct: DirectRoute[];
}

export function createRoutes({ registry, ingestion, observability, limits, tracer }: RoutesDependencies): Routes {
  const direct = eventRoutes({ ingestion, tracer });
  const routes: Route[] = [
    ...authRoutes(registry, limits),
    ...webhookRoutes(registry),
    ...webhookSecretRoutes(registry, limits),
    ...webhookTestRoutes(registry),
    ...eventTypeRoutes(registry),
    ...direct,
    ...logRoutes({ registry, observability }),
  ];
  return { all: [...routes, ...documentRoutes(routes)], direct };
}
