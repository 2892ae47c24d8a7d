import { systemClock } from '@hookline/domain';
import { collectProcessMetrics, createLog, createMetrics, loadConfig, runProcess } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { registryConfig } from './config.ts';
import { createRegistry } from './service.ts';

await runProcess('registry', async (source, fail) => {
  const config = loadConfig(registryConfig, source);
  const log = createLog('registry', config.log.level);
  const metrics = createMetrics('registry');
  collectProcessMetrics(metrics);
  const { database, eventLog, close } = await openAdapters(config, log);
  const service = createRegistry({ config, database, eventLog, log, metrics, clock: systemClock, fail });
  await service.start();
  return {
    gracePeriodMs: config.hookline.grace_period,
    async close(deadlineAtMs) {
      await service.close(deadlineAtMs);
      await close();
    },
  };
});
