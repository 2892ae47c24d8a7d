import { InvalidInput } from '@hookline/domain';
import type { RedisLimitsOptions } from '@hookline/limits-redis';
import { readCertificates } from './certificates.ts';
import type { BackendsConfig } from './mode.ts';

type RedisSettings = BackendsConfig['redis'];
type RedisAddress = Pick<RedisLimitsOptions, 'url' | 'tls' | 'cluster' | 'sentinel'>;

/** Where Redis is and how it is spoken to. @throws InvalidInput naming the setting that is missing, at odds with another or can't be used */
export function redisAddress(settings: RedisSettings): RedisAddress {
  const { url } = settings;
  if (url === undefined) throw new InvalidInput('redis.url: is missing; e.g. REDIS_URL=redis://localhost:6379');
  const tls = tlsOf(settings, url);
  const [cluster, sentinel] = [clusterOf(settings, url), sentinelOf(settings, url)];
  return { url, ...(tls && { tls }), ...(cluster && { cluster }), ...(sentinel && { sentinel }) };
}

function tlsOf(settings: RedisSettings, url: string): RedisAddress['tls'] {
  const { ssl_ca_file: ca, ssl_cert_file: cert, ssl_key_file: key, ssl_servername: servername } = settings;
  const named = ca ?? cert ?? key ?? servername;
  if (named === undefined) return undefined;
  if (!url.startsWith('rediss:')) {
    throw new InvalidInput(`redis.url: must begin with rediss:// for ${named} to be used; e.g. REDIS_URL=rediss://…`);
  }
  return { ...readCertificates('redis', settings), ...(servername !== undefined && { servername }) };
}

function clusterOf({ cluster, cluster_nodes: nodes, sentinels }: RedisSettings, url: string): RedisAddress['cluster'] {
  if (!cluster) {
    if (nodes.length === 0) return undefined;
    throw new InvalidInput('redis.cluster: must be true for redis.cluster_nodes to be used; REDIS_CLUSTER=true');
  }
  if (sentinels.length > 0) {
    throw new InvalidInput(
      'redis.cluster and redis.sentinels: set one, REDIS_CLUSTER or REDIS_SENTINELS: a cluster has no sentinels',
    );
  }
  if (!/^\/?0?$/.test(new URL(url).pathname)) {
    throw new InvalidInput(
      'redis.url: names a database, and a cluster has only the first; e.g. REDIS_URL=redis://redis-1:6379',
    );
  }
  return { nodes: nodes.map((node) => hostPort('cluster_nodes', node)) };
}

function sentinelOf(settings: RedisSettings, url: string): RedisAddress['sentinel'] {
  const { sentinels, sentinel_username: username, sentinel_password: password } = settings;
  if (sentinels.length === 0) {
    if (username === undefined && password === undefined) return undefined;
    throw new InvalidInput('redis.sentinels: is missing; e.g. REDIS_SENTINELS=sentinel-1:26379,sentinel-2:26379');
  }
  if (new URL(url).port !== '') {
    throw new InvalidInput(
      'redis.url: has a port, and with redis.sentinels its host is the name of the master; e.g. REDIS_URL=redis://:password@mymaster',
    );
  }
  if (username !== undefined && password === undefined) {
    throw new InvalidInput(
      'redis.sentinel_password: is missing; REDIS_SENTINEL_PASSWORD, or no REDIS_SENTINEL_USERNAME',
    );
  }
  return {
    nodes: sentinels.map((node) => hostPort('sentinels', node)),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
}

function hostPort(key: string, text: string): { host: string; port: number } {
  const [, host, port] = /^(?:\[(?=.*\]))?([^[\]\s/@]+?)\]?:(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535) {
    throw new InvalidInput(
      `redis.${key}: "${text}" must be like host:port; e.g. REDIS_${key.toUpperCase()}=redis-2:6379`,
    );
  }
  return { host, port: Number(port) };
}
