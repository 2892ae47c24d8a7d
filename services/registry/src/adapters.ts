import { createBackends } from '@hookline/backends';
import type { Log } from '@hookline/service-kit';
import type { RegistryConfig } from './config.ts';

/** The concrete stores that the configuration names. */
export async function openAdapters(config: RegistryConfig, log: Log) {
  const backends = createBackends(config, { service: 'registry', log });
  const [database, eventLog] = await Promise.all([backends.database(), backends.eventLog()]);
  return { database, eventLog, close: () => backends.close() };
}
