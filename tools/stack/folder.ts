import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const partFolders = ['kafka', 'redis', 'postgres'] as const;

/**
 * Makes the folder and takes it for this process; two stacks on the same data would destroy them. Throws one line naming the process that
 * has it; what a dead one left is taken over. With `fresh` all data in it are removed. Returns the way to give it back.
 */
export function takeFolder(folder: string, fresh: boolean): () => void {
  const lockFile = join(folder, 'lock');
  mkdirSync(folder, { recursive: true });
  const holder = liveHolder(lockFile);
  if (holder !== undefined) {
    throw new Error(`another stack (process ${holder}) is using ${folder}: stop that one first`);
  }
  rmSync(lockFile, { force: true });
  // Its own folders only: --data may name one that holds other things too.
  if (fresh) for (const part of partFolders) rmSync(join(folder, part), { recursive: true, force: true });
  writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
  return () => rmSync(lockFile, { force: true });
}

/** A number alone may by now belong to another program, so what the process runs counts too. */
function liveHolder(lockFile: string): number | undefined {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8'));
    const command = execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes('stack.ts') ? pid : undefined;
  } catch {
    return undefined;
  }
}
