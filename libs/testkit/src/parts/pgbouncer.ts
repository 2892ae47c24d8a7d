import { readdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { defaultCacheDir } from './cache.ts';
import { openDataDir } from './data-dir.ts';
import { fetchDebianPackage, isInstalled } from './debian.ts';
import { createPartProcess } from './part-process.ts';
import { onPort } from './port.ts';
import { unprivileged } from './unprivileged.ts';

export interface PgBouncerOptions {
  /** Of the PostgreSQL behind it, on 127.0.0.1. */
  postgresPort: number;
  /** Connections to each database. */
  poolSize: number;
}

export interface PgBouncerPart {
  port: number;
  /** May be called again. */
  stop: () => Promise<void>;
}

const READY_TIMEOUT_MS = 30_000;

/** How to start the one in PATH; otherwise that of the Debian package, with the libraries that a machine hardly has, fetched once into the cache. */
export async function findPgBouncer(cacheDir = defaultCacheDir): Promise<[string, ...string[]]> {
  if (await isInstalled('pgbouncer')) return ['pgbouncer'];
  const root = await fetchDebianPackage('pgbouncer', cacheDir, /^lib(event|c-?ares)/);
  const libraries = (await readdir(join(root, 'usr', 'lib'))).filter((name) => name.includes('-linux-'));
  const path = libraries.map((name) => join(root, 'usr', 'lib', name)).join(':');
  return ['/usr/bin/env', `LD_LIBRARY_PATH=${path}`, join(root, 'usr', 'sbin', 'pgbouncer')];
}

/** A PgBouncer on 127.0.0.1 in transaction mode, otherwise as it is by itself: it lets everybody in, as the user `postgres`. */
export async function startPgBouncer({ postgresPort, poolSize }: PgBouncerOptions): Promise<PgBouncerPart> {
  const program = await findPgBouncer();
  const path = program.at(-1)!;
  return onPort('PgBouncer', undefined, 1, async (port) => {
    const data = await openDataDir('hookline-pgbouncer', {});
    const configFile = join(data.path, 'pgbouncer.ini');
    const settings = [
      '[databases]',
      `* = host=127.0.0.1 port=${postgresPort} user=postgres`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      'pool_mode = transaction',
      `default_pool_size = ${poolSize}`,
    ];
    await writeFile(configFile, `${settings.join('\n')}\n`);
    const [file, ...args] = program;
    const process = createPartProcess({
      name: 'PgBouncer',
      command: unprivileged(data.path, path.startsWith('/') ? path : '/')(file, [...args, configFile]),
      logFile: join(data.path, 'pgbouncer.log'),
      isReady: () => accepts(port),
      readyTimeoutMs: READY_TIMEOUT_MS,
    });
    async function stop(): Promise<void> {
      await process.end('SIGKILL', 0);
      await data.release();
    }
    try {
      await process.start();
    } catch (error) {
      await stop();
      throw error;
    }
    return { port, stop };
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
