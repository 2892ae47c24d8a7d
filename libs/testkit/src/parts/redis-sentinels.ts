import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../wait.ts';
import { askRedis } from './ask-redis.ts';
import { openDataDir } from './data-dir.ts';
import { createPartProcess } from './part-process.ts';
import { onPort } from './port.ts';
import { findRedis, startRedis, type RedisPart } from './redis.ts';

export interface RedisSentinelsPart {
  /** By which the sentinels know the master. */
  masterName: string;
  /** `host:port` of the sentinels. */
  sentinels: string[];
  /** The two servers; at first the former is the master. */
  servers: [RedisPart, RedisPart];
  /** Port of the server that the sentinels call the master. */
  masterPort: () => Promise<number>;
  /** May be called again. */
  stop: () => Promise<void>;
}

const MASTER_NAME = 'mymaster';
const SENTINELS = 3;
/** A master that says nothing for so long is failed over. Less, and a busy machine looks like a dead one. */
const DOWN_AFTER_MS = 2_000;
const READY_TIMEOUT_MS = 60_000;

/** A master with a replica, watched by three sentinels; resolves when these know each other and the replica. */
export async function startRedisSentinels(): Promise<RedisSentinelsPart> {
  const parts: { stop: () => Promise<void> }[] = [];
  async function stop(): Promise<void> {
    await Promise.all(parts.map((part) => part.stop()));
  }
  async function note<T extends { stop: () => Promise<void> }>(starting: Promise<T>): Promise<T> {
    const part = await starting;
    parts.push(part);
    return part;
  }
  try {
    const servers = await Promise.all([note(startRedis()), note(startRedis())]);
    await askRedis(servers[1].port, `REPLICAOF 127.0.0.1 ${servers[0].port}`);
    const file = await findRedis();
    const sentinels = await Promise.all(
      Array.from({ length: SENTINELS }, () => note(startSentinel(file, servers[0].port))),
    );
    const masterPort = async () => {
      const answer = await askRedis(sentinels[0]!.port, `SENTINEL get-master-addr-by-name ${MASTER_NAME}`);
      return Number(answer.split('\r\n')[4]);
    };
    await eventually(() => Promise.all(sentinels.map(({ port }) => requireAll(port))), { timeoutMs: READY_TIMEOUT_MS });
    return {
      masterName: MASTER_NAME,
      sentinels: sentinels.map(({ port }) => `127.0.0.1:${port}`),
      servers,
      masterPort,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startSentinel(file: string, masterPort: number): Promise<{ port: number; stop: () => Promise<void> }> {
  return onPort('Redis Sentinel', undefined, 1, async (port) => {
    const data = await openDataDir('hookline-sentinel', {});
    const configFile = join(data.path, 'sentinel.conf');
    const settings = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${data.path}`,
      `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${masterPort} 2`,
      `sentinel down-after-milliseconds ${MASTER_NAME} ${DOWN_AFTER_MS}`,
      `sentinel failover-timeout ${MASTER_NAME} 10000`,
    ];
    await writeFile(configFile, `${settings.join('\n')}\n`);
    const process = createPartProcess({
      name: 'Redis Sentinel',
      command: { file, args: [configFile, '--sentinel'] },
      logFile: join(data.path, 'sentinel.log'),
      isReady: async () => (await askRedis(port, 'PING').catch(String)).startsWith('+PONG'),
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

async function requireAll(sentinelPort: number): Promise<void> {
  const known = await askRedis(sentinelPort, 'INFO sentinel');
  if (!new RegExp(`status=ok,.*slaves=1,sentinels=${SENTINELS}`).test(known)) throw new Error(known);
}
