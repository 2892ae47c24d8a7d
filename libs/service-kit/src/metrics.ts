import { collectDefaultMetrics, Registry, type Counter } from 'prom-client';

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

/** Shows each of these values from the start: a counter that appears with its first count never increases, as Prometheus sees it. */
export function fromZero<Label extends string>(
  counter: Counter<Label>,
  label: Label,
  values: readonly string[],
): Counter<Label> {
  for (const value of values) counter.inc({ [label]: value } as Partial<Record<Label, string>>, 0);
  return counter;
}
