import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry of its own for each service: several may run in one process. */
export function createMetrics(service: string): Registry {
  const metrics = new Registry();
  metrics.setDefaultLabels({ service });
  return metrics;
}

/** CPU, memory, event loop and garbage collection; once per process is enough. */
export function collectProcessMetrics(metrics: Registry): void {
  collectDefaultMetrics({ register: metrics });
}
