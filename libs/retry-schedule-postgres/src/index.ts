export { createPostgresRetrySchedule } from './postgres-retry-schedule.ts';
