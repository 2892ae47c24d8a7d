import type { Route } from '../http/route.ts';
import { healthRoutes } from './health.ts';
import { ingestRoutes, type IngestDependencies } from './ingest.ts';
import { subscriberRoutes } from './subscribers.ts';
import { subscriptionRoutes } from './subscriptions.ts';

/** Addresses of other systems (docs/dialects.md). */
export function dialectRoutes(dependencies: IngestDependencies): Route[] {
  const { registry, observability } = dependencies;
  return [
    ...subscriberRoutes(registry),
    ...healthRoutes(),
    ...subscriptionRoutes(registry, observability),
    ...ingestRoutes(dependencies),
  ];
}
