export * from './audit.ts';
export * from './events.ts';
export * from './fields.ts';
export * from './lists.ts';
export * from './log.ts';
export * from './problem.ts';
export * from './recoveries.ts';
