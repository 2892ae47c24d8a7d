export { createMemoryLimits, type MemoryLimitsOptions } from './memory-limits.ts';
