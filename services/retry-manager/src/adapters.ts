import { createBackends } from '@hookline/backends';
import type { Log, Sabotage } from '@hookline/service-kit';
import type { RetryManagerConfig } from './config.ts';

/** The concrete stores that the configuration names. */
export async function openAdapters(config: RetryManagerConfig, log: Log, sabotage: Sabotage | undefined) {
  const backends = createBackends(config, { service: 'retry-manager', log, sabotage });
  const [eventLog, schedule] = await Promise.all([backends.eventLog(), backends.retrySchedule()]);
  return { eventLog, schedule, close: () => backends.close() };
}
