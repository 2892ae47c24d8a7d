import { systemClock } from '@hookline/domain';
import { collectProcessMetrics, createLog, createMetrics, loadConfig, runProcess } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { gatewayConfig } from './config.ts';
import { createGateway } from './service.ts';

await runProcess('gateway', async (source) => {
  const config = loadConfig(gatewayConfig, source);
  const log = createLog('gateway', config.log.level);
  const metrics = createMetrics('gateway');
  collectProcessMetrics(metrics);
  const { limits, close } = await openAdapters(config, log);
  const service = createGateway({ config, limits, log, metrics, clock: systemClock });
  await service.start();
  return {
    gracePeriodMs: config.hookline.grace_period,
    async close(deadlineAtMs) {
      await service.close(deadlineAtMs);
      await close();
    },
  };
});
