import type { Route } from '../http/route.ts';
import { healthRoutes } from './health.ts';
import { ingestRoutes, type IngestDependencies } from './ingest.ts';
import { logsRoutes } from './logs.ts';
import { subscriberHealthRoutes, type SubscriberHealthDeps } from './subscriber-health.ts';
import { subscriberMetricsRoutes } from './subscriber-metrics.ts';
import { subscriberRoutes } from './subscribers.ts';
import { subscriptionRoutes } from './subscriptions.ts';

/** Addresses of other systems (docs/dialects.md). */
export function dialectRoutes(dependencies: IngestDependencies & SubscriberHealthDeps): Route[] {
  const { registry, observability } = dependencies;
  return [
    ...subscriberRoutes(registry),
    ...subscriberHealthRoutes(dependencies),
    ...subscriberMetricsRoutes(registry, observability),
    ...healthRoutes(),
    ...subscriptionRoutes(registry, observability),
    ...ingestRoutes(dependencies),
    ...logsRoutes(registry, observability),
  ];
}
