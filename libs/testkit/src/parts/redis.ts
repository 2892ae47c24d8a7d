import { connect } from 'node:net';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
  const file = await findBinary((await fetchMavenParts()).redisDir);
  return onPort('Redis', options.port, 1, (port) => startOn(port, file, options));
}

async function startOn(port: number, file: string, options: RedisOptions): Promise<RedisPart> {
  const data = await openDataDir('hookline-redis', options);
  const process = createPartProcess({
    name: 'Redis',
    command: { file, args: redisArguments(port, data.path, options) },
    logFile: join(data.path, 'redis.log'),
    isReady: () => answersPing(port),
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
    url: `redis://127.0.0.1:${port}`,
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

function redisArguments(port: number, dir: string, options: RedisOptions): string[] {
  const settings = {
    port,
    bind: '127.0.0.1',
    dir,
    save: '',
    appendonly: options.appendonly === true ? 'yes' : 'no',
    maxmemory: options.maxmemoryBytes ?? 0,
    'maxmemory-policy': 'noeviction',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

async function findBinary(redisDir: string): Promise<string> {
  const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64', ia32: '386' };
  const suffix = `-${process.platform}-${architectures[process.arch]}`;
  const name = (await readdir(redisDir)).find((candidate) => candidate.endsWith(suffix));
  if (name === undefined)
    throw new Error(`no Redis binary for ${process.platform} ${process.arch} in the Maven artifact`);
  return join(redisDir, name);
}

/** False also while it still loads its data. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (chunk) => finish(chunk.toString('utf8').startsWith('+PONG')));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
    socket.once('close', () => resolve(false));
  });
}
