import { runService } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { retryManagerConfig } from './config.ts';
import { createRetryManager } from './service.ts';

await runService('retry-manager', retryManagerConfig, async (context) => {
  const { eventLog, schedule, close } = await openAdapters(context);
  return { service: createRetryManager({ ...context, eventLog, schedule }), close };
});
