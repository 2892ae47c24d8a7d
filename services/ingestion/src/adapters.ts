import { createBackends } from '@hookline/backends';
import { systemClock } from '@hookline/domain';
import { collectProcessMetrics, createLog, createMetrics, type Sabotage } from '@hookline/service-kit';
import type { IngestionConfig } from './config.ts';
import type { IngestionDeps } from './service.ts';

/** What ingestion needs as a process of its own, and how to close it afterwards. */
export async function openAdapters(
  config: IngestionConfig,
  sabotage: Sabotage | undefined,
): Promise<{ deps: IngestionDeps; close: () => Promise<void> }> {
  const log = createLog('ingestion', config.log.level);
  const metrics = createMetrics('ingestion');
  collectProcessMetrics(metrics);
  const backends = createBackends(config, { service: 'ingestion', log, sabotage });
  try {
    const [eventLog, limits] = [await backends.eventLog(), await backends.limits()];
    return {
      deps: { config, log, metrics, clock: systemClock, eventLog, limits },
      close: () => backends.close(),
    };
  } catch (error) {
    await backends.close();
    throw error;
  }
}
