import { runService } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { observabilityConfig } from './config.ts';
import { createObservability } from './service.ts';

await runService('observability', observabilityConfig, async (context) => {
  const { close, ...stores } = await openAdapters(context);
  return { service: createObservability({ ...context, ...stores }), close };
});
