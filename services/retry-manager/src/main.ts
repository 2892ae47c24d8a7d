import { systemClock } from '@hookline/domain';
import {
  collectProcessMetrics,
  createLog,
  createMetrics,
  loadConfig,
  runProcess,
  sabotageOf,
} from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { retryManagerConfig } from './config.ts';
import { createRetryManager } from './service.ts';

await runProcess('retry-manager', async (source, fail) => {
  const config = loadConfig(retryManagerConfig, source);
  const sabotage = sabotageOf(source.env);
  const log = createLog('retry-manager', config.log.level);
  const metrics = createMetrics('retry-manager');
  collectProcessMetrics(metrics);
  const { eventLog, schedule, close } = await openAdapters(config, log, sabotage);
  const service = createRetryManager({ config, eventLog, schedule, log, metrics, clock: systemClock, fail, sabotage });
  await service.start();
  return {
    gracePeriodMs: config.hookline.grace_period,
    async close(deadlineAtMs) {
      await service.close(deadlineAtMs);
      await close();
    },
  };
});
