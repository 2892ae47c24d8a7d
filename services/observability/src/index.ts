export { observabilityConfig, type ObservabilityConfig } from './config.ts';
export { createObservability, type Observability, type ObservabilityDeps } from './service.ts';
