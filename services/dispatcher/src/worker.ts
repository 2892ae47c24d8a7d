// One of several dispatchers: main.ts forks it where `dispatcher.worker_count` is above 1, with its number as the argument, and hears from it the port of its
// health and metrics. It ends with whoever forked it.
import { runService } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { dispatcherConfig } from './config.ts';
import { createDispatcher, type Dispatcher } from './service.ts';

const [, , number = ''] = process.argv;
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

const dispatchers: Dispatcher[] = [];
await runService('dispatcher', dispatcherConfig, async (context) => {
  const { hookline, dispatcher, ...others } = context.config;
  const config = { ...others, hookline: { ...hookline, host: '127.0.0.1' }, dispatcher: { ...dispatcher, port: 0 } };
  const log = context.log.child({ worker: Number(number) });
  context.metrics.setDefaultLabels({ service: 'dispatcher', worker: number });
  const { close, ...adapters } = await openAdapters({ ...context, log });
  const service = createDispatcher({ ...context, config, log, ...adapters });
  dispatchers.push(service);
  return { service, close };
});
process.send?.(dispatchers[0]?.port());
