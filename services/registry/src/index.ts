export { isRelayed } from './changes/outbox.ts';
export { registryConfig, type RegistryConfig } from './config.ts';
export { resealAll } from './webhooks/reseal.ts';
export { createRegistry, type RegistryDependencies, type RegistryService } from './service.ts';
export { agreeWithLog, type Agreement } from './restored/agree-with-log.ts';
export { readSchemas, type TypeSchema } from './event-types/schemas.ts';
