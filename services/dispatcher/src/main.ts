import { runService } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { dispatcherConfig } from './config.ts';
import { createDispatcher } from './service.ts';

await runService('dispatcher', dispatcherConfig, async (context) => {
  const { close, ...adapters } = await openAdapters(context);
  return { service: createDispatcher({ ...context, ...adapters }), close };
});
