export * from './backends.ts';
export * from './mode.ts';
