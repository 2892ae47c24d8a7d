export { createPostgresRetrySchedule, type PostgresRetryScheduleOptions } from './postgres-retry-schedule.ts';
