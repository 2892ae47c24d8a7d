export * from './backends.ts';
export * from './kafka-security.ts';
export * from './mode.ts';
export * from './redis-address.ts';
