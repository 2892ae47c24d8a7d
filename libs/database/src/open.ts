import type { Database } from './database.ts';
import { openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';

export interface ServerOptions {
  /** `postgres://user:password@host:port/database`. */
  url: string;
  /** Connections kept at most, 10 by default; each `exclusively` under way has one more. */
  poolSize?: number;
  applicationName?: string;
}

export interface FolderOptions {
  /** The folder that holds an embedded database; made if it is missing, and locked while it is open. */
  dataDir: string;
}

/**
 * A server is connected to when it is first needed: that it is away shows in `ping`. A folder is opened before this resolves.
 * Rejects with InvalidInput when the URL or the folder can't be used, with Conflict when another process has the folder.
 */
export async function openDatabase(options: ServerOptions | FolderOptions): Promise<Database> {
  return 'url' in options ? openPostgres(options) : openPglite(options.dataDir);
}
