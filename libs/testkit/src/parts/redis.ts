import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificate } from '../certificates.ts';
import { askRedis } from './ask-redis.ts';
import { openDataDir, type DataOptions } from './data-dir.ts';
import { fetchMavenParts } from './maven.ts';
import { createPartProcess } from './part-process.ts';
import { onPort } from './port.ts';

export interface RedisOptions extends DataOptions {
  /** Without it a free one below 32768. */
  port?: number;
  maxmemoryBytes?: number;
  /** Write every change to a file, so that a kill -9 loses nothing. Off: a restart begins empty. */
  appendonly?: boolean;
  /** More settings, as redis.conf has them. */
  settings?: Record<string, string>;
  /** Nothing but TLS, with that certificate; a client must have one of that authority (PEM). */
  tls?: Certificate & { authority: string };
}

export interface RedisPart {
  url: string;
  port: number;
  dataDir: string;
  /** Of the latest start. */
  readonly pid: number;
  readonly running: boolean;
  /** Resolves when the process has ended; SIGKILL by default. */
  kill: (signal?: NodeJS.Signals) => Promise<void>;
  /** Starts it again, after `kill()`, on the same port and data. */
  start: () => Promise<void>;
  /** Ends it and removes its data unless they are to be kept. May be called again. */
  stop: () => Promise<void>;
}

/** A Redis on 127.0.0.1 with the policy `noeviction`; resolves when it answers. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisPart> {
  const file = await findRedis();
  return onPort('Redis', options.port, 1, (port) => startOn(port, file, options));
}

async function startOn(port: number, file: string, options: RedisOptions): Promise<RedisPart> {
  const data = await openDataDir('hookline-redis', options);
  const listening = options.tls === undefined ? { port } : await tlsSettings(port, data.path, options.tls);
  const process = createPartProcess({
    name: 'Redis',
    command: { file, args: redisArguments({ ...listening, dir: data.path }, options) },
    logFile: join(data.path, 'redis.log'),
    isReady: async ({ log }) =>
      options.tls === undefined ? answersPing(port) : log.includes('Ready to accept connections'),
    readyTimeoutMs: 30_000,
  });
  async function stop(): Promise<void> {
    await process.end(data.keep ? 'SIGTERM' : 'SIGKILL', 10_000);
    await data.release();
  }
  try {
    await process.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `${options.tls === undefined ? 'redis' : 'rediss'}://127.0.0.1:${port}`,
    port,
    dataDir: data.path,
    get pid() {
      return process.pid;
    },
    get running() {
      return process.running;
    },
    kill: process.kill,
    start: process.start,
    stop,
  };
}

async function tlsSettings(
  port: number,
  dir: string,
  { authority, certificate, privateKey }: NonNullable<RedisOptions['tls']>,
) {
  const file = async (name: string, pem: string) => {
    const path = join(dir, name);
    await writeFile(path, pem, { mode: 0o600 });
    return path;
  };
  return {
    port: 0,
    'tls-port': port,
    'tls-ca-cert-file': await file('ca.pem', authority),
    'tls-cert-file': await file('server.pem', certificate),
    'tls-key-file': await file('server.key', privateKey),
  };
}

function redisArguments(where: Record<string, string | number>, options: RedisOptions): string[] {
  const settings = {
    ...where,
    bind: '127.0.0.1',
    save: '',
    appendonly: options.appendonly === true ? 'yes' : 'no',
    maxmemory: options.maxmemoryBytes ?? 0,
    'maxmemory-policy': 'noeviction',
    ...options.settings,
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** The `redis-server` for this platform. */
export async function findRedis(): Promise<string> {
  const { redisDir } = await fetchMavenParts();
  const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64', ia32: '386' };
  const suffix = `-${process.platform}-${architectures[process.arch]}`;
  const name = (await readdir(redisDir)).find((candidate) => candidate.endsWith(suffix));
  if (name === undefined)
    throw new Error(`no Redis binary for ${process.platform} ${process.arch} in the Maven artifact`);
  return join(redisDir, name);
}

/** False also while it still loads its data. */
async function answersPing(port: number): Promise<boolean> {
  return (await askRedis(port, 'PING').catch(String)).startsWith('+PONG');
}
