export { answering } from './answering.ts';
export * from './audit-log.ts';
export type { Database, Parameter, Queryable, Result, Scalar } from './database.ts';
export { isUniqueViolation, LockHeld, sqlState, violatedReference } from './errors.ts';
export { migrate, migrationStates, pendingMigrations, type MigrationState } from './migrate.ts';
export { binaryArray, type ElementType } from './binary-array.ts';
export { openDatabase, type FolderOptions, type ServerOptions } from './open.ts';
export { checkServerUrl } from './server-url.ts';
