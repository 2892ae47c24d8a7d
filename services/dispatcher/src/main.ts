import { runService } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { dispatcherConfig } from './config.ts';
import { createDispatcher } from './service.ts';
import { forkWorker } from './workers/fork-worker.ts';
import { createSupervisor } from './workers/supervisor.ts';

await runService('dispatcher', dispatcherConfig, async (context) => {
  if (context.config.dispatcher.worker_count > 1) {
    return { service: createSupervisor({ ...context, fork: forkWorker }), close: async () => {} };
  }
  const { close, ...adapters } = await openAdapters(context);
  return { service: createDispatcher({ ...context, ...adapters }), close };
});
