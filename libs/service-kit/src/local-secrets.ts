import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InvalidInput } from '@hookline/domain';

/**
 * The `security` settings of a platform that only this machine can reach: made at the first start and kept in a file that only its owner can read.
 * @throws InvalidInput if the folder can't be written to, or the file can't be read
 */
export function localSecrets(folder: string): LocalSecrets {
  const home = resolve(folder);
  const file = join(home, 'local-secrets.json');
  return readSecrets(file) ?? makeSecrets(home, file);
}

export interface LocalSecrets {
  jwt_secret: string;
  encryption_key: string;
}

function readSecrets(file: string): LocalSecrets | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LocalSecrets;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (code === 'ENOTDIR') throw unwritable(dirname(file), code);
    throw new InvalidInput(
      `${file} cannot be read (${(error as Error).message}): mend it, or remove it (the webhooks' secrets are lost then)`,
    );
  }
}

function makeSecrets(folder: string, file: string): LocalSecrets {
  const secrets = {
    jwt_secret: randomBytes(48).toString('base64'),
    encryption_key: randomBytes(32).toString('base64'),
  };
  try {
    makeFolder(folder);
    writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unwritable(folder, code);
  }
  return secrets;
}

function unwritable(folder: string, code: string | undefined): InvalidInput {
  return new InvalidInput(
    `the data folder ${folder} cannot be written to (${code}): choose another with HOOKLINE_DATA`,
  );
}

/** Not by mkdir's own `recursive`, which never returns where a parent exists but takes no folders (Node 26 in /proc). */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(folder).isDirectory()) return;
    if (code !== 'ENOENT' || existsSync(dirname(folder))) throw error;
    makeFolder(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  }
}

/** Whether a server that listens on `host` can be reached from this machine only. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Whether anybody who reaches ingestion may publish without a token. */
export function opensPublicEvents({
  hookline,
  ingestion,
}: {
  hookline: { host: string };
  ingestion: { public_events: boolean | 'local' };
}): boolean {
  return ingestion.public_events === 'local' ? isLoopbackHost(hookline.host) : ingestion.public_events;
}
