export { registryConfig, type RegistryConfig } from './config.ts';
export { createRegistry, type RegistryDependencies, type RegistryService } from './service.ts';
export { agreeWithLog, type Agreement } from './restored/agree-with-log.ts';
export { readSchemas, type TypeSchema } from './event-types/schemas.ts';
