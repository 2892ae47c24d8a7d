import { runService } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { registryConfig } from './config.ts';
import { createRegistry } from './service.ts';

await runService('registry', registryConfig, async (context) => {
  const { database, eventLog, close } = await openAdapters(context);
  return { service: createRegistry({ ...context, database, eventLog }), close };
});
