import { InvalidInput } from '@hookline/domain';
import type { RedisLimitsOptions } from '@hookline/limits-redis';
import { readCertificates } from './certificates.ts';
import type { BackendsConfig } from './mode.ts';

type RedisSettings = BackendsConfig['redis'];
type RedisAddress = Pick<RedisLimitsOptions, 'url' | 'tls' | 'cluster' | 'sentinel'>;

/** Where Redis is and how it is spoken to. @throws InvalidInput naming the setting that is missing, at odds with another or can't be used */
export function redisAddress(settings: RedisSettings): RedisAddress {
  if (settings.url === undefined) {
    throw new InvalidInput('redis.url: is missing; e.g. REDIS_URL=redis://localhost:6379');
  }
  const url = new URL(settings.url);
  checkCredentials(url);
  const tls = tlsOf(settings, url);
  const [cluster, sentinel] = [clusterOf(settings, url), sentinelOf(settings, url)];
  checkParameters(url, cluster === undefined && sentinel === undefined);
  return { url: settings.url, ...(tls && { tls }), ...(cluster && { cluster }), ...(sentinel && { sentinel }) };
}

/** Says what is wrong without repeating it. */
function checkCredentials({ username, password }: URL): void {
  try {
    decodeURIComponent(username);
    decodeURIComponent(password);
  } catch {
    throw new InvalidInput(
      'redis.url: has a percent sign in its user or password that encodes nothing: percent-encode it as %25; e.g. REDIS_URL=redis://:50%25off@redis:6379',
    );
  }
}

/** The client takes options from the URL of a single server, before ours: `tls=` would do without TLS. From others it takes none. */
function checkParameters({ search, searchParams }: URL, isSingle: boolean): void {
  if (isSingle ? !searchParams.has('tls') : search === '') return;
  throw new InvalidInput(
    isSingle
      ? 'redis.url: cannot have the parameter tls: TLS is by rediss://; e.g. REDIS_URL=rediss://redis:6379'
      : 'redis.url: cannot have parameters with redis.cluster or redis.sentinels; e.g. REDIS_URL=redis://:password@redis-1',
  );
}

function tlsOf(settings: RedisSettings, url: URL): RedisAddress['tls'] {
  const { ssl_ca_file: ca, ssl_cert_file: cert, ssl_key_file: key, ssl_servername: servername } = settings;
  const named = ca ?? cert ?? key ?? servername;
  if (named === undefined) return undefined;
  if (url.protocol !== 'rediss:') {
    throw new InvalidInput(`redis.url: must begin with rediss:// for ${named} to be used; e.g. REDIS_URL=rediss://…`);
  }
  return { ...readCertificates('redis', settings), ...(servername !== undefined && { servername }) };
}

function clusterOf({ cluster, cluster_nodes: nodes, sentinels }: RedisSettings, url: URL): RedisAddress['cluster'] {
  if (!cluster) {
    if (nodes.length === 0) return undefined;
    throw new InvalidInput('redis.cluster: must be true for redis.cluster_nodes to be used; REDIS_CLUSTER=true');
  }
  if (sentinels.length > 0) {
    throw new InvalidInput(
      'redis.cluster and redis.sentinels: set one, REDIS_CLUSTER or REDIS_SENTINELS: a cluster has no sentinels',
    );
  }
  if (!/^\/?0?$/.test(url.pathname)) {
    throw new InvalidInput(
      'redis.url: names a database, and a cluster has only the first; e.g. REDIS_URL=redis://redis-1:6379',
    );
  }
  return { nodes: nodes.map((node) => hostPort('cluster_nodes', node)) };
}

function sentinelOf(settings: RedisSettings, url: URL): RedisAddress['sentinel'] {
  const { sentinels, sentinel_username: username, sentinel_password: password } = settings;
  if (sentinels.length === 0) {
    if (username === undefined && password === undefined) return undefined;
    throw new InvalidInput('redis.sentinels: is missing; e.g. REDIS_SENTINELS=sentinel-1:26379,sentinel-2:26379');
  }
  if (url.port !== '') {
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
