export * from './backends.ts';
export * from './kafka-security.ts';
export * from './mode.ts';
