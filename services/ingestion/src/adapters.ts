import { createBackends } from '@hookline/backends';
import type { ServiceContext } from '@hookline/service-kit';
import type { IngestionConfig } from './config.ts';

/** The concrete stores that the configuration names. */
export async function openAdapters({ config, log, sabotage }: ServiceContext<IngestionConfig>) {
  const backends = createBackends(config, { service: 'ingestion', log, sabotage });
  try {
    const eventLog = await backends.eventLog();
    const limits = await backends.limits();
    const credentials = backends.credentials(config.ingestion.registry_address);
    return {
      eventLog,
      limits,
      credentials,
      quotas: credentials,
      droppedIds: () => backends.droppedIds(),
      close: () => backends.close(),
    };
  } catch (error) {
    await backends.close();
    throw error;
  }
}
