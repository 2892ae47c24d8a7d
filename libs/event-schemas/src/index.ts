export { compileSchema, type CompiledSchema } from './compile-schema.ts';
export { SCHEMA_LIMITS } from './bounded.ts';
