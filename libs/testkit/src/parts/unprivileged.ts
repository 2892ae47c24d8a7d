import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PartCommand } from './part-process.ts';

interface User {
  name: string;
  uid: number;
  gid: number;
}

/**
 * How to run a program that refuses root: as it is for everybody else, and for root as an unprivileged user who is made the owner of
 * `dataDir`. Where that user cannot enter a folder on the way to the program or its data (a clone in /root, say), the
 * program keeps the one capability that lets it.
 */
export function unprivileged(dataDir: string, program: string): (file: string, args: string[]) => PartCommand {
  if (process.getuid?.() !== 0) return (file, args) => ({ file, args });
  const { name, uid, gid } = findUser();
  chownSync(dataDir, uid, gid);
  if ([dirname(dataDir), program].every(canAnyoneEnter)) return (file, args) => ({ file, args, uid, gid });
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  if (setpriv === undefined) {
    throw new Error(
      `PostgreSQL doesn't run as root, and the user ${name} cannot enter ${program} or ${dataDir}: run as an ordinary user or elsewhere`,
    );
  }
  const drop = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  return (file, args) => ({ file: setpriv, args: [...drop, '--', file, ...args] });
}

function findUser(): User {
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { name, uid, gid };
  }
  throw new Error("PostgreSQL doesn't run as root, and there is neither a user `postgres` nor `nobody` to run it as");
}

function idOf(option: '-u' | '-g', name: string): number | undefined {
  try {
    return Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}

function canAnyoneEnter(folder: string): boolean {
  const isOpen = (statSync(folder).mode & 0o001) !== 0;
  return isOpen && (dirname(folder) === folder || canAnyoneEnter(dirname(folder)));
}
