export * from './retry-schedule.ts';
