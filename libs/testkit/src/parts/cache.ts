import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from './failure.ts';

const LOCK_TIMEOUT_MS = 10 * 60_000;

export const repositoryRoot = join(import.meta.dirname, '..', '..', '..', '..');

/** Where what was downloaded stays; npm removes it together with node_modules. */
export const defaultCacheDir = join(repositoryRoot, 'node_modules', '.cache', 'hookline');

/**
 * Returns `folder`, filled by `fill` if it doesn't exist yet. It appears whole or not at all, and of several processes that
 * want it at once one fills it while the others wait.
 */
export async function fillOnce(folder: string, fill: (staging: string) => Promise<void>): Promise<string> {
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const unlock = await lock(`${folder}.lock`);
  try {
    if (!existsSync(folder)) {
      await removeLeftovers(folder);
      const staging = `${folder}.${process.pid}.partial`;
      await mkdir(staging);
      await fill(staging);
      await rename(staging, folder);
    }
  } finally {
    await unlock();
  }
  return folder;
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    if (name.startsWith(`${basename(folder)}.`) && name.endsWith('.partial')) {
      await rm(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
}

async function lock(file: string): Promise<() => Promise<void>> {
  const deadline = Date.now() + LOCK_TIMEOUT_MS;
  while (Date.now() < deadline) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    if (await isAbandoned(file)) await rm(file, { force: true });
    else await delay(100);
  }
  throw new Error(`${file} has been held for ${LOCK_TIMEOUT_MS / 60_000} minutes: remove it if nothing is downloading`);
}

async function isAbandoned(file: string): Promise<boolean> {
  try {
    const holder = Number(await readFile(file, 'utf8'));
    if (holder > 0) return !isAlive(holder);
    // Made, but its owner never got to write its number.
    return Date.now() - (await stat(file)).mtimeMs > 5_000;
  } catch {
    return false;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
