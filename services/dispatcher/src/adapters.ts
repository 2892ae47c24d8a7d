import { createBackends } from '@hookline/backends';
import type { Log, Sabotage } from '@hookline/service-kit';
import type { DispatcherConfig } from './config.ts';

/** The concrete stores that the configuration names. */
export async function openAdapters(config: DispatcherConfig, log: Log, sabotage: Sabotage | undefined) {
  const backends = createBackends(config, { service: 'dispatcher', log, sabotage });
  try {
    return { eventLog: await backends.eventLog(), close: () => backends.close() };
  } catch (error) {
    await backends.close();
    throw error;
  }
}
