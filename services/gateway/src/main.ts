import { runService } from '@hookline/service-kit';
import { openAdapters } from './adapters.ts';
import { gatewayConfig } from './config.ts';
import { createGateway } from './service.ts';

await runService('gateway', gatewayConfig, async (context) => {
  const { close, ...stores } = await openAdapters(context);
  return { service: createGateway({ ...context, ...stores }), close };
});
