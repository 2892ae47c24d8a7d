import { loadConfig, openTracing, runProcess, sabotageOf } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { ingestionConfig } from './config.ts';
import { createIngestion } from './service.ts';

await runProcess('ingestion', async (source) => {
  const config = loadConfig(ingestionConfig, source);
  const { deps, close } = await openAdapters(config, sabotageOf(source.env));
  const tracing = await openTracing('ingestion', config.tracing, deps.log);
  const ingestion = createIngestion({ ...deps, tracer: tracing.tracer('ingestion') });
  try {
    await ingestion.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    gracePeriodMs: config.hookline.grace_period,
    async close(deadlineAtMs) {
      await ingestion.close(deadlineAtMs);
      await close();
      await tracing.close(deadlineAtMs);
    },
  };
});
