import { createBackends } from '@hookline/backends';
import type { ServiceContext } from '@hookline/service-kit';
import type { RetryManagerConfig } from './config.ts';

/** The concrete stores that the configuration names. */
export async function openAdapters({ config, log, sabotage }: ServiceContext<RetryManagerConfig>) {
  const backends = createBackends(config, { service: 'retry-manager', log, sabotage });
  try {
    const eventLog = await backends.eventLog();
    const schedule = await backends.retrySchedule();
    return { eventLog, schedule, close: () => backends.close() };
  } catch (error) {
    await backends.close();
    throw error;
  }
}
