export { createPostgresLimits, type PostgresLimitsOptions } from './postgres-limits.ts';
