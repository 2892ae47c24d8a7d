export * from './event-log.ts';
export * from './offset-tracker.ts';
