export { observabilityConfig, type ObservabilityConfig } from './config.ts';
export { carryOut } from './retention/carry-out.ts';
export { findDays } from './retention/days.ts';
export { planRetention, retentionSettings } from './retention/plan.ts';
export { createObservability, type Observability, type ObservabilityDeps } from './service.ts';
export { isoDay } from './write/place.ts';
