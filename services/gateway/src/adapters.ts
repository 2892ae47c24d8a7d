import { createBackends } from '@hookline/backends';
import type { ServiceContext } from '@hookline/service-kit';
import type { GatewayConfig } from './config.ts';

/** The concrete stores that the configuration names. */
export async function openAdapters({ config, log, sabotage }: ServiceContext<GatewayConfig>) {
  const backends = createBackends(config, { service: 'gateway', log, sabotage });
  try {
    const limits = await backends.limits();
    const credentials = backends.credentials(config.gateway.registry_address);
    return { limits, credentials, openEventLog: () => backends.eventLog(), close: () => backends.close() };
  } catch (error) {
    await backends.close();
    throw error;
  }
}
