import { createBackends } from '@hookline/backends';
import type { ServiceContext } from '@hookline/service-kit';
import type { ObservabilityConfig } from './config.ts';

/** The concrete stores that the configuration names. */
export async function openAdapters({ config, log, sabotage }: ServiceContext<ObservabilityConfig>) {
  const backends = createBackends(config, { service: 'observability', log, sabotage });
  try {
    const database = await backends.database();
    const eventLog = await backends.eventLog();
    const credentials = backends.credentials(config.observability.registry_address);
    return { database, eventLog, credentials, close: () => backends.close() };
  } catch (error) {
    await backends.close();
    throw error;
  }
}
