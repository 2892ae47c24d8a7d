export { digestOf } from './digest.ts';
export { packDone, unpackDone } from './done-codec.ts';
export * from './day-meter.ts';
export * from './limits.ts';
export * from './rate-limiter.ts';
