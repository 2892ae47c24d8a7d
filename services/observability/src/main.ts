import { loadConfig, runProcess } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { observabilityConfig } from './config.ts';
import { createObservability } from './service.ts';

await runProcess('observability', async (source, fail) => {
  const config = loadConfig(observabilityConfig, source);
  const { deps, close } = await openAdapters(config);
  const observability = createObservability({ ...deps, fail });
  try {
    await observability.start();
  } catch (error) {
    await observability.close(Date.now());
    await close();
    throw error;
  }
  return {
    gracePeriodMs: config.hookline.grace_period,
    async close(deadlineAtMs) {
      await observability.close(deadlineAtMs);
      await close();
    },
  };
});
