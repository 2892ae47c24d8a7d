import { InvalidInput } from '@hookline/domain';
import { accessSync, constants } from 'node:fs';

const MODES = ['disable', 'no-verify', 'prefer', 'require', 'verify-ca', 'verify-full'];
const FILES = ['sslrootcert', 'sslcert', 'sslkey'];

/**
 * Returns the URL of a server if it can be used, the files that it names included.
 * @throws InvalidInput that says what is wrong with it without repeating it: it may hold a password
 */
export function checkServerUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new InvalidInput('the database URL must look like postgres://user:password@host:5432/database');
  }
  const { searchParams } = parsed;
  const mode = searchParams.get('sslmode');
  if (mode !== null && !MODES.includes(mode)) {
    throw new InvalidInput(`database.url: sslmode must be one of ${MODES.join(', ')}; e.g. ?sslmode=verify-full`);
  }
  if (searchParams.has('sslcert') !== searchParams.has('sslkey')) {
    throw new InvalidInput(
      'database.url: sslcert and sslkey go together; e.g. ?sslmode=verify-full&sslcert=FILE&sslkey=FILE',
    );
  }
  for (const name of FILES) {
    const file = searchParams.get(name);
    if (file !== null) checkFile(name, file);
  }
  return url;
}

function checkFile(name: string, file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new InvalidInput(`database.url: ${name} cannot be read: ${(error as Error).message}`);
  }
}
