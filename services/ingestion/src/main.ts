import { runService } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { ingestionConfig } from './config.ts';
import { createIngestion } from './service.ts';

await runService('ingestion', ingestionConfig, async (context) => {
  const { eventLog, limits, close } = await openAdapters(context);
  return { service: createIngestion({ ...context, eventLog, limits }), close };
});
