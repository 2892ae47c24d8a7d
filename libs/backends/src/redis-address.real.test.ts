import type { RetrySchedule } from '@hookline/retry-schedule';
import { createRedisRetrySchedule } from '@hookline/retry-schedule-redis';
import { redisSection } from '@hookline/service-kit';
import { createAuthority, createTempDir, startRedis, type RedisPart } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { redisAddress } from './redis-address.ts';

const REFUSAL_MS = 3_000;
const AMPLE = { deliveries: 1_000, bytes: 1_000_000 };

let folder: Awaited<ReturnType<typeof createTempDir>>;
let redis: RedisPart;
/** Settings with our own certificate, and others of it. */
let mutual: Record<string, unknown>;
let oneSided: Record<string, unknown>;
let strange: Record<string, unknown>;
const schedules: RetrySchedule[] = [];

function file(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

beforeAll(async () => {
  folder = await createTempDir('redis-address');
  const [authority, other] = [await createAuthority(), await createAuthority()];
  redis = await startRedis({
    tls: { ...(await authority.issue('redis.internal')), authority: authority.certificate },
    settings: { requirepass: 'redis password' },
  });
  const own = await authority.issue('hookline');
  oneSided = {
    url: redis.url.replace('//', '//:redis%20password@'),
    ssl_ca_file: file('ca.pem', authority.certificate),
  };
  mutual = {
    ...oneSided,
    ssl_cert_file: file('client.pem', own.certificate),
    ssl_key_file: file('client.key', own.privateKey),
  };
  strange = { ...mutual, ssl_ca_file: file('other.pem', other.certificate) };
}, 300_000);

afterAll(async () => {
  await Promise.all(schedules.map((schedule) => schedule.close()));
  await redis?.stop();
  await folder?.remove();
}, 60_000);

const logged: object[] = [];
const log = { info: () => {}, warn: (fields: object) => logged.push(fields) };

function open(settings: Record<string, unknown>): RetrySchedule {
  const schedule = createRedisRetrySchedule({
    ...redisAddress(redisSection.parse(settings)),
    partitions: 1,
    bounds: { webhook: AMPLE, tenant: AMPLE },
    log,
  });
  schedules.push(schedule);
  return schedule;
}

describe('a Redis with TLS that wants certificates', () => {
  test('is written to and read', async () => {
    const schedule = open(mutual);
    await schedule.check(10_000);
    await schedule.reset(0, { incarnation: 'a', offset: 0 }, 1);
    expect(await schedule.held(0)).toMatchObject({ incarnation: 'a' });
  }, 30_000);

  test('is spoken to by TLS by a scheme in capitals as well', async () => {
    await open({ ...mutual, url: String(mutual.url).replace('rediss:', 'REDISS:') }).check(10_000);
  }, 30_000);

  test('is found by the name in its certificate', async () => {
    await open({ ...mutual, ssl_servername: 'redis.internal' }).check(10_000);
  }, 30_000);

  test('is refused, or refuses, and says why', async () => {
    const cases: [Record<string, unknown>, RegExp][] = [
      [strange, /self-signed certificate/],
      [{ ...mutual, ssl_servername: 'elsewhere.internal' }, /altnames/],
      // Redis ends the connection, or its alert comes first.
      [oneSided, /certificate|ECONNRESET|closed/],
      [{ url: redis.url.replace('rediss:', 'redis:') }, /Redis is away/],
    ];
    // All at once: each takes its deadline.
    await Promise.all(cases.map(([settings, why]) => expect(open(settings).check(REFUSAL_MS)).rejects.toThrow(why)));
  }, 30_000);
});

test('a password that is refused is not logged', async () => {
  logged.length = 0;
  const wrong = { ...mutual, url: redis.url.replace('//', '//:unheard-of@') };
  await expect(open(wrong).check(REFUSAL_MS)).rejects.toThrow(/WRONGPASS/);
  expect(logged).not.toHaveLength(0);
  expect(inspect(logged, { depth: null })).not.toContain('unheard-of');
}, 30_000);

describe('settings that do not go together name what is wrong', () => {
  const [url, secure] = ['redis://redis:6379', 'rediss://redis:6379'];

  test.each([
    [{}, 'REDIS_URL'],
    [{ url, ssl_ca_file: '/ca.pem' }, 'REDIS_URL=rediss://'],
    [{ url, ssl_servername: 'x' }, 'REDIS_URL=rediss://'],
    [{ url: secure, ssl_cert_file: '/c.pem' }, 'REDIS_SSL_KEY_FILE'],
    [{ url: secure, ssl_ca_file: '/nowhere.pem' }, 'redis.ssl_ca_file: cannot be read'],
    [{ url, cluster_nodes: 'redis-2:6379' }, 'REDIS_CLUSTER=true'],
    [{ url, cluster: true, sentinels: 's:26379' }, 'REDIS_SENTINELS'],
    [{ url: `${url}/1`, cluster: true }, 'redis.url: names a database'],
    [{ url, cluster: true, cluster_nodes: 'redis-2' }, 'REDIS_CLUSTER_NODES=redis-2:6379'],
    [{ url, sentinels: 's:26379' }, 'redis://:password@mymaster'],
    [{ url: 'redis://mymaster', sentinels: 's:263790' }, 'REDIS_SENTINELS='],
    [{ url, sentinel_password: 'x' }, 'REDIS_SENTINELS'],
    [{ url: 'redis://mymaster', sentinels: 's:1', sentinel_username: 'x' }, 'REDIS_SENTINEL_PASSWORD'],
    [{ url: 'redis://:50%x@redis' }, 'redis.url: has a percent sign'],
    [{ url: 'redis://:50%x@redis', cluster: true }, 'redis.url: has a percent sign'],
    [{ url: 'redis://50%x:x@mymaster', sentinels: 's:1' }, 'redis.url: has a percent sign'],
    [{ url: `${url}?family=6`, cluster: true }, 'redis.url: cannot have parameters'],
    [{ url: 'redis://mymaster?db=1', sentinels: 's:1' }, 'redis.url: cannot have parameters'],
    [{ url: `${secure}?tls=` }, 'redis.url: cannot have the parameter tls'],
  ])('%j', (settings, named) => {
    expect(() => redisAddress(redisSection.parse(settings))).toThrow(named);
  });

  test('and those that do say where it is', () => {
    const sentinels = { url: 'redis://:p@myMaster/2', sentinels: 'one:1, [::1]:2', sentinel_password: 'x' };
    expect(redisAddress(redisSection.parse(sentinels))).toEqual({
      url: sentinels.url,
      sentinel: {
        nodes: [
          { host: 'one', port: 1 },
          { host: '::1', port: 2 },
        ],
        password: 'x',
      },
    });
    const cluster = { url: `${url}/0`, cluster: 'true', cluster_nodes: ['redis-2:6379'] };
    expect(redisAddress(redisSection.parse(cluster))).toEqual({
      url: cluster.url,
      cluster: { nodes: [{ host: 'redis-2', port: 6379 }] },
    });
  });
});
