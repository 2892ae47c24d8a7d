// Runs before every npm script that needs the dependencies, on whatever Node (20 or later) the user has:
// installs them when node_modules is missing or older than the lock file. The scripts that follow
// then run on the Node that the package `node` brought.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const installed = join(root, 'node_modules', '.package-lock.json');
const lock = join(root, 'package-lock.json');

function isInstalled() {
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

if (!isInstalled()) {
  console.log('Installing dependencies (once)...');
  const npm = process.env.npm_execpath;
  const [command, ...head] = npm ? [process.execPath, npm] : ['npm'];
  // Not `npm ci`: that refuses a lock file without the optional packages of every other platform, and which of those a registry mirror has differs.
  // This installs what the lock file names and leaves it as it is.
  const { status } = spawnSync(
    command,
    [...head, 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  if (status !== 0) {
    console.error(
      'hookline: npm install failed (see above). Check that the npm registry can be reached, then try again.',
    );
    process.exit(1);
  }
}
