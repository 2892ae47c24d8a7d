import { loadConfig, runProcess, sabotageOf } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { ingestionConfig } from './config.ts';
import { createIngestion } from './service.ts';

await runProcess('ingestion', async (source) => {
  const config = loadConfig(ingestionConfig, source);
  const { deps, close } = await openAdapters(config, sabotageOf(source.env));
  const ingestion = createIngestion(deps);
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
    },
  };
});
