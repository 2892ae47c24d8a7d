import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createTempDir } from './temp-dir.ts';

export interface DataOptions {
  /** Where the data lie; a temp folder without it. */
  dataDir?: string;
  /** Whether the data outlive `stop()`; by default those in a `dataDir` do and those in a temp folder don't. */
  keep?: boolean;
}

export interface DataDir {
  path: string;
  keep: boolean;
  /** Removes the folder, unless it is to be kept. */
  release: () => Promise<void>;
}

export async function openDataDir(prefix: string, options: DataOptions): Promise<DataDir> {
  const { dataDir, keep = dataDir !== undefined } = options;
  if (dataDir === undefined && !keep) {
    const temp = await createTempDir(prefix);
    return { path: temp.path, keep, release: temp.remove };
  }
  const path = dataDir === undefined ? await mkdtemp(join(tmpdir(), `${prefix}-`)) : resolve(dataDir);
  await mkdir(path, { recursive: true, mode: 0o700 });
  return {
    path,
    keep,
    async release() {
      if (!keep) await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
