export { createPostgresEventLog, type PostgresEventLogOptions } from './postgres-event-log.ts';
