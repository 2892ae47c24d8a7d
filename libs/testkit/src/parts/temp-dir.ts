import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardFolder } from './guard.ts';

export interface TempDir {
  path: string;
  /** Removes the folder with all that is in it. May be called again. */
  remove: () => Promise<void>;
}

/** A new folder in the system's temp folder; gone after `remove()`, and at the latest when this process ends, however it does. */
export async function createTempDir(prefix: string): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), `${prefix}-`));
  const dismissGuard = guardFolder(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      dismissGuard();
    },
  };
}
