import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fillOnce } from './cache.ts';

const run = promisify(execFile);
const FETCH_TIMEOUT_MS = 5 * 60_000;
const NONE = /(?!)/;

/** Whether a program of that name is in PATH. */
export function isInstalled(program: string): Promise<boolean> {
  return run(program, ['--version']).then(
    () => true,
    () => false,
  );
}

/**
 * The folder in the cache into which a package of Debian or Ubuntu was unpacked, and those of its dependencies whose names match: fetched the first time, which needs
 * apt-get and dpkg, but no root.
 */
export async function fetchDebianPackage(name: string, cacheDir: string, dependencies = NONE): Promise<string> {
  const folder = await fillOnce(join(cacheDir, name), (staging) => download(staging, name, dependencies));
  return join(folder, 'root');
}

/** With lists and a cache of its own, apt-get needs nobody's rights. */
async function download(staging: string, name: string, dependencies: RegExp): Promise<void> {
  const lists = join(staging, 'lists');
  const cache = join(staging, 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  const options = { cwd: staging, timeout: FETCH_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };
  const settings = [`Dir::State::lists=${lists}`, `Dir::Cache=${cache}`, 'Debug::NoLocking=1'];
  const apt = (...args: string[]) =>
    run('apt-get', [...settings.flatMap((each) => ['-o', each]), '-q', ...args], options);
  const archives = async () => (await readdir(staging)).filter((each) => each.endsWith('.deb'));
  try {
    await apt('update');
    await apt('download', name);
    const [archive = `${name}.deb`] = await archives();
    const { stdout } = await run('dpkg-deb', ['--field', archive, 'Depends'], options);
    const needed = stdout.split(/[,|]/).map((each) => each.trim().split(/[\s:]/)[0]!);
    const matching = needed.filter((each) => dependencies.test(each));
    if (matching.length > 0) await apt('download', ...matching);
    for (const each of await archives()) {
      await run('dpkg', ['-x', each, join(staging, 'root')], options);
      await rm(join(staging, each));
    }
    for (const leftover of [lists, cache]) await rm(leftover, { recursive: true });
  } catch (error) {
    throw new Error(
      `${name} is needed and could not be fetched: install it (Debian and Ubuntu: apt-get install ${name}) and put its programs in PATH`,
      { cause: error },
    );
  }
}
