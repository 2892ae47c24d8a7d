import { systemClock } from '@hookline/domain';
import {
  collectProcessMetrics,
  createLog,
  createMetrics,
  loadConfig,
  openTracing,
  runProcess,
} from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { gatewayConfig } from './config.ts';
import { createGateway } from './service.ts';

await runProcess('gateway', async (source) => {
  const config = loadConfig(gatewayConfig, source);
  const log = createLog('gateway', config.log.level);
  const metrics = createMetrics('gateway');
  collectProcessMetrics(metrics);
  const tracing = await openTracing('gateway', config.tracing, log);
  const { limits, close } = await openAdapters(config, log);
  const service = createGateway({
    config,
    limits,
    log,
    metrics,
    clock: systemClock,
    tracer: tracing.tracer('gateway'),
  });
  await service.start();
  return {
    gracePeriodMs: config.hookline.grace_period,
    async close(deadlineAtMs) {
      await service.close(deadlineAtMs);
      await close();
      await tracing.close(deadlineAtMs);
    },
  };
});
