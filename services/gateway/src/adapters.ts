import { createBackends } from '@hookline/backends';
import type { Log } from '@hookline/service-kit';
import type { GatewayConfig } from './config.ts';

/** The concrete stores that the configuration names. */
export async function openAdapters(config: GatewayConfig, log: Log) {
  const backends = createBackends(config, { service: 'gateway', log });
  return { limits: await backends.limits(), close: () => backends.close() };
}
