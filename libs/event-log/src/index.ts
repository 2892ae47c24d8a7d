export { decodeDoneMap, encodeDoneMap } from './done-map.ts';
export * from './event-log.ts';
export * from './meter.ts';
export * from './offset-tracker.ts';
export * from './record-size.ts';
