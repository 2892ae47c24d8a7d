import { runService } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { ingestionConfig } from './config.ts';
import { createIngestion } from './service.ts';

await runService('ingestion', ingestionConfig, async (context) => {
  const { close, ...stores } = await openAdapters(context);
  return { service: createIngestion({ ...context, ...stores }), close };
});
