// Sections that several services read. Each service's schema is made of these and its own.
export * from './sections/breaker.ts';
export * from './sections/database.ts';
export * from './sections/dedup.ts';
export * from './sections/dispatcher.ts';
export * from './sections/gateway.ts';
export * from './sections/hookline.ts';
export * from './sections/ingestion.ts';
export * from './sections/kafka.ts';
export * from './sections/log.ts';
export * from './sections/observability.ts';
export * from './sections/quotas.ts';
export * from './sections/redis.ts';
export * from './sections/registry.ts';
export * from './sections/retry-manager.ts';
export * from './sections/security.ts';
export * from './sections/tracing.ts';

/** Every section that config.yaml may hold: a service ignores those that are other services'. */
export const SECTION_NAMES: ReadonlySet<string> = new Set([
  'hookline',
  'log',
  'database',
  'kafka',
  'redis',
  'security',
  'dedup',
  'quotas',
  'tracing',
  'gateway',
  'registry',
  'ingestion',
  'dispatcher',
  'breaker',
  'retry_manager',
  'observability',
]);
