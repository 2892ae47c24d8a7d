import { InvalidInput } from '@hookline/domain';
import { accessSync, constants } from 'node:fs';

const MODES = ['disable', 'no-verify', 'prefer', 'require', 'verify-ca', 'verify-full'];
const FILES = ['sslrootcert', 'sslcert', 'sslkey'];
/** Any other value of `ssl` means something to nobody, and an empty one no TLS. */
const SSL = ['true', '1', 'no-verify', '0'];
const TLS_PARAMETERS = new Set(['ssl', 'sslmode', 'sslnegotiation', ...FILES]);

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
  checkNames(searchParams);
  const ssl = searchParams.get('ssl');
  if (ssl !== null && !SSL.includes(ssl)) {
    throw new InvalidInput(`database.url: ssl must be one of ${SSL.join(', ')}; better ?sslmode=verify-full`);
  }
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

/** The driver ignores what it doesn't know: a name that is misspelt would do without TLS, or without the check of a certificate. */
function checkNames(parameters: URLSearchParams): void {
  for (const name of parameters.keys()) {
    if (/^uselibpqcompat$/i.test(name.trim())) {
      throw new InvalidInput(
        'database.url: uselibpqcompat is not allowed, since certificates would go unchecked; e.g. ?sslmode=verify-full',
      );
    }
    if (/ssl|tls/i.test(name) && !TLS_PARAMETERS.has(name)) {
      throw new InvalidInput(
        `database.url: the parameter "${name}" is unknown; of TLS there are ${[...TLS_PARAMETERS].join(', ')}; e.g. ?sslmode=verify-full`,
      );
    }
  }
}

function checkFile(name: string, file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new InvalidInput(`database.url: ${name} cannot be read: ${(error as Error).message}`);
  }
}
