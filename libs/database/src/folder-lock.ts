import { Conflict, InvalidInput } from '@hookline/domain';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The right to use a folder. */
export interface FolderLock {
  /** Idempotent. */
  release(): Promise<void>;
}

const SQLITE_BUSY = 5;

/**
 * Makes the folder if it is missing and locks it against every other opening, of this process and of others.
 * The lock is the operating system's (SQLite holds it on a file for us), so it ends with its holder however that dies, a new
 * process under an old pid isn't mistaken for it, and it holds between containers that share the folder, where pids mean nothing.
 * `lock.pid` only tells people whom to look for.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const pidFile = join(folder, 'lock.pid');
  let file: DatabaseSync | undefined;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    file = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
    file.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
    await writeFile(pidFile, `${process.pid} on ${hostname()}\n`);
  } catch (error) {
    file?.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) {
      const holder = await readFile(pidFile, 'utf8').then(
        (text) => text.trim(),
        () => 'not known',
      );
      throw new Conflict(`the data folder ${folder} is in use by another process (pid ${holder})`, { cause: error });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidInput(`the data folder ${folder} can't be written to: ${reason}`, { cause: error });
  }
  const lock = file;
  return {
    async release() {
      if (!lock.isOpen) return;
      await rm(pidFile, { force: true });
      if (lock.isOpen) lock.close();
    },
  };
}
