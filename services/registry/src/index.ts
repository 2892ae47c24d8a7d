export { registryConfig, type RegistryConfig } from './config.ts';
export { createRegistry, type RegistryDependencies, type RegistryService } from './service.ts';
