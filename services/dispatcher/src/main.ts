import { systemClock } from '@hookline/domain';
import {
  collectProcessMetrics,
  createLog,
  createMetrics,
  loadConfig,
  openTracing,
  runProcess,
  sabotageOf,
} from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { dispatcherConfig } from './config.ts';
import { createDispatcher } from './service.ts';

await runProcess('dispatcher', async (source, fail) => {
  const config = loadConfig(dispatcherConfig, source);
  const sabotage = sabotageOf(source.env);
  const log = createLog('dispatcher', config.log.level);
  const metrics = createMetrics('dispatcher');
  collectProcessMetrics(metrics);
  const { eventLog, close } = await openAdapters(config, log, sabotage);
  const tracing = await openTracing('dispatcher', config.tracing, log);
  const tracer = tracing.tracer('dispatcher');
  const dispatcher = createDispatcher({ config, eventLog, log, metrics, clock: systemClock, fail, tracer, sabotage });
  try {
    await dispatcher.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    gracePeriodMs: config.hookline.grace_period,
    async close(deadlineAtMs) {
      await dispatcher.close(deadlineAtMs);
      await close();
      await tracing.close(deadlineAtMs);
    },
  };
});
