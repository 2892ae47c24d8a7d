import { afterEach, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Redis } from 'ioredis';
import { isAlive } from './cache.ts';
import { startRedis, type RedisOptions, type RedisPart } from './redis.ts';
import { createTempDir } from './temp-dir.ts';

const open: { stop: () => Promise<void> }[] = [];

async function start(options?: RedisOptions): Promise<RedisPart> {
  const part = await startRedis(options);
  open.push(part);
  return part;
}

async function withClient<T>({ url }: RedisPart, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true });
  try {
    await client.connect();
    return await use(client);
  } finally {
    client.disconnect();
  }
}

afterEach(async () => {
  for (const part of open.splice(0)) await part.stop();
});

describe('Redis', () => {
  test('evicts nothing, keeps to its memory, and leaves neither process nor folder', async () => {
    const redis = await start({ maxmemoryBytes: 8_000_000 });
    await withClient(redis, async (client) => {
      expect(await client.config('GET', 'maxmemory')).toEqual(['maxmemory', '8000000']);
      expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    });
    expect([isAlive(redis.pid), existsSync(redis.dataDir)]).toEqual([true, true]);
    await redis.stop();
    await redis.stop();
    expect([isAlive(redis.pid), existsSync(redis.dataDir)]).toEqual([false, false]);
  });

  test('starts again after kill -9: empty, or with appendonly as it was', async () => {
    const parts = await Promise.all([start(), start({ appendonly: true })]);
    const found: (string | null)[] = [];
    for (const redis of parts) {
      await withClient(redis, (client) => client.set('key', 'value'));
      const firstPid = redis.pid;
      await redis.kill();
      expect([redis.running, isAlive(firstPid)]).toEqual([false, false]);
      await redis.start();
      expect(redis.pid).not.toBe(firstPid);
      found.push(await withClient(redis, (client) => client.get('key')));
    }
    expect(found).toEqual([null, 'value']);
  });

  test('data in a folder of the caller outlive stop, unless they are not to be kept', async () => {
    const folder = await createTempDir('hookline-test');
    open.push({ stop: folder.remove });
    const first = await start({ dataDir: folder.path, appendonly: true });
    await withClient(first, (client) => client.set('key', 'value'));
    await first.stop();
    const second = await start({ dataDir: folder.path, appendonly: true, keep: false });
    expect(await withClient(second, (client) => client.get('key'))).toBe('value');
    await second.stop();
    expect(existsSync(folder.path)).toBe(false);
  });

  test('listens on loopback only', async () => {
    const { port } = await start();
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal);
    if (outside === undefined) return;
    const answer = new Promise((resolve, reject) =>
      connect(port, outside.address, () => resolve('open')).once('error', reject),
    );
    await expect(answer).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('a wanted port that is taken is refused, and what it would have needed is gone', async () => {
    const { port } = await start();
    await expect(startRedis({ port })).rejects.toThrow(`Redis: port ${port} on 127.0.0.1 is taken`);
  });
});
