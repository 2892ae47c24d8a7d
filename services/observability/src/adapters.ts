import { createBackends } from '@hookline/backends';
import { systemClock } from '@hookline/domain';
import { collectProcessMetrics, createLog, createMetrics } from '@hookline/service-kit';
import type { ObservabilityConfig } from './config.ts';
import type { ObservabilityDeps } from './service.ts';

/** What observability needs as a process of its own, and how to close it afterwards. */
export async function openAdapters(
  config: ObservabilityConfig,
): Promise<{ deps: Omit<ObservabilityDeps, 'fail'>; close: () => Promise<void> }> {
  const log = createLog('observability', config.log.level);
  const metrics = createMetrics('observability');
  collectProcessMetrics(metrics);
  const backends = createBackends(config, { service: 'observability', log });
  try {
    const [database, eventLog] = [await backends.database(), await backends.eventLog()];
    return {
      deps: { config, log, metrics, clock: systemClock, eventLog, database },
      close: () => backends.close(),
    };
  } catch (error) {
    await backends.close();
    throw error;
  }
}
