import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInput } from '@hookline/domain';

/**
 * The environment's secrets for a platform that only this machine can reach: made at the first start and kept in a file that only its owner can read.
 * Those that the environment gives stay.
 * @throws InvalidInput if the folder can't be written to, or the file can't be read
 */
export function withLocalSecrets(
  env: Record<string, string | undefined>,
  folder: string,
): Record<string, string | undefined> {
  const file = join(folder, 'local-secrets.json');
  return { ...(readSecrets(file) ?? makeSecrets(folder, file)), ...definedOf(env) };
}

interface LocalSecrets extends Record<string, string> {
  SECURITY_JWT_SECRET: string;
  SECURITY_ENCRYPTION_KEY: string;
}

function readSecrets(file: string): LocalSecrets | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LocalSecrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new InvalidInput(
      `${file} cannot be read (${(error as Error).message}): mend or remove it (webhooks' secrets are lost then)`,
    );
  }
}

function makeSecrets(folder: string, file: string): LocalSecrets {
  const secrets = {
    SECURITY_JWT_SECRET: randomBytes(48).toString('base64'),
    SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  };
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new InvalidInput(
      `the data folder ${folder} cannot be written to (${(error as NodeJS.ErrnoException).code}): choose another with HOOKLINE_DATA`,
    );
  }
  return secrets;
}

function definedOf(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

/** Whether a server that listens on `host` can be reached from this machine only. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
