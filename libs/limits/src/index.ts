export { digestOf } from './digest.ts';
export * from './limits.ts';
