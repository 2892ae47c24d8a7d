export { createRedisRetrySchedule, type RedisRetryScheduleOptions } from './redis-retry-schedule.ts';
