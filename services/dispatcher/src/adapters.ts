import { createBackends } from '@hookline/backends';
import type { ServiceContext } from '@hookline/service-kit';
import type { DispatcherConfig } from './config.ts';

/** The concrete stores that the configuration names. */
export async function openAdapters({ config, log, sabotage }: ServiceContext<DispatcherConfig>) {
  const backends = createBackends(config, { service: 'dispatcher', log, sabotage });
  try {
    const eventLog = await backends.eventLog();
    const limits = await backends.limits();
    return { eventLog, limits, localLimits: backends.localLimits(), close: () => backends.close() };
  } catch (error) {
    await backends.close();
    throw error;
  }
}
