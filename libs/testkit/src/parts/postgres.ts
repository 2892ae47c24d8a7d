import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Certificate } from '../certificates.ts';
import { openDataDir, type DataDir, type DataOptions } from './data-dir.ts';
import { printedBy } from './failure.ts';
import { createPartProcess } from './part-process.ts';
import { onPort } from './port.ts';
import { findPostgres } from './postgres-binaries.ts';
import { unprivileged } from './unprivileged.ts';

const run = promisify(execFile);

export interface PostgresOptions extends DataOptions {
  /** Without it a free one below 32768. */
  port?: number;
  /**
   * Nothing but TLS, with that certificate. `postgres` may connect without a password; any other user by a certificate of that authority (PEM) with the
   * user's name.
   */
  tls?: Certificate & { authority: string };
}

export interface PostgresPart {
  /** Of the superuser `postgres` in the database `postgres`; anybody on this machine may connect without a password. */
  url: string;
  port: number;
  dataDir: string;
  /** Of the latest start. */
  readonly pid: number;
  readonly running: boolean;
  /** Resolves when the main process has ended; SIGKILL by default. */
  kill: (signal?: NodeJS.Signals) => Promise<void>;
  /** Starts it again, after `kill()`, on the same port and data. */
  start: () => Promise<void>;
  /** Ends it and removes its data unless they are to be kept. May be called again. */
  stop: () => Promise<void>;
}

/** A PostgreSQL on 127.0.0.1; resolves when it takes connections. Data that aren't kept aren't synced to the disk either. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresPart> {
  const native = await findPostgres();
  return onPort('PostgreSQL', options.port, 1, (port) => startOn(port, native, options));
}

async function startOn(port: number, native: string, options: PostgresOptions): Promise<PostgresPart> {
  const data = await openDataDir('hookline-postgres', options);
  try {
    return await startIn(data, port, native, options.tls);
  } catch (error) {
    await data.release();
    throw error;
  }
}

async function startIn(
  data: DataDir,
  port: number,
  native: string,
  tls: PostgresOptions['tls'],
): Promise<PostgresPart> {
  const clusterDir = join(data.path, 'cluster');
  const asUser = unprivileged(data.path, join(native, 'bin'));
  if (!existsSync(join(clusterDir, 'PG_VERSION'))) await initialise(clusterDir, asUser, native);

  const process = createPartProcess({
    name: 'PostgreSQL',
    command: asUser(join(native, 'bin', 'postgres'), [
      '-D',
      clusterDir,
      ...asArguments(settings(port, data.keep)),
      ...asArguments(tls === undefined ? {} : await tlsSettings(data.path, tls)),
    ]),
    logFile: join(data.path, 'postgres.log'),
    isReady: ({ pid }) => isReady(clusterDir, pid),
    readyTimeoutMs: 60_000,
    abandonSignal: 'SIGQUIT',
  });

  /** After a kill -9 the server's children need a moment to notice; until then it refuses to start. */
  async function start(): Promise<void> {
    const deadline = Date.now() + 15_000;
    for (;;) {
      try {
        return await process.start();
      } catch (error) {
        if (Date.now() > deadline || !/pre-existing shared memory block/.test(String(error))) throw error;
        await delay(100);
      }
    }
  }

  async function stop(): Promise<void> {
    await process.end(data.keep ? 'SIGINT' : 'SIGQUIT', 15_000);
    await data.release();
  }

  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    dataDir: data.path,
    get pid() {
      return process.pid;
    },
    get running() {
      return process.running;
    },
    kill: process.kill,
    start,
    stop,
  };
}

async function initialise(clusterDir: string, asUser: ReturnType<typeof unprivileged>, native: string): Promise<void> {
  const { file, args, ...user } = asUser(join(native, 'bin', 'initdb'), [
    `--pgdata=${clusterDir}`,
    '--username=postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ]);
  try {
    await run(file, args, { cwd: '/', ...user });
  } catch (error) {
    await rm(clusterDir, { recursive: true, force: true });
    throw new Error(`PostgreSQL could not make its data folder: ${printedBy(error) || String(error)}`, {
      cause: error,
    });
  }
}

/** The server wants its key to be its own. */
async function tlsSettings(
  folder: string,
  { authority, certificate, privateKey }: NonNullable<PostgresOptions['tls']>,
) {
  const { uid, gid } = await stat(folder);
  const file = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    await chown(path, uid, gid);
    return path;
  };
  return {
    ssl: 'on',
    ssl_ca_file: await file('ca.pem', authority),
    ssl_cert_file: await file('server.pem', certificate),
    ssl_key_file: await file('server.key', privateKey),
    hba_file: await file('hba.conf', 'hostssl all postgres 127.0.0.1/32 trust\nhostssl all all 127.0.0.1/32 cert\n'),
  };
}

function settings(port: number, durable: boolean) {
  return {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '64MB',
    // In the data folder, where nothing is left behind, rather than in /dev/shm.
    dynamic_shared_memory_type: 'mmap',
    // What was committed survives a kill -9 either way: synchronous_commit stays on.
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
}

function asArguments(values: Record<string, string | number>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The server writes its state into line 8 of its pid file. */
async function isReady(clusterDir: string, pid: number): Promise<boolean> {
  const lines = (await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}
