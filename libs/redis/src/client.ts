import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { HostPort, RedisAddress, RedisTls } from './address.ts';

/** Both take the same commands; a cluster's client sends each to the node that has its keys. */
export type RedisClient = Redis | Cluster;

const LONGEST_RETRY_DELAY_MS = 500;
const DEFAULT_PORT = 6379;

const retryStrategy = (attempt: number) => Math.min(20 * 2 ** attempt, LONGEST_RETRY_DELAY_MS);

/** A client that connects by itself, for ever, and sends nothing twice. */
export function createClient(address: RedisAddress, commandTimeoutMs: number): RedisClient {
  const { tls, cluster, sentinel } = address;
  // A scheme may be in capitals, which the client doesn't know: it would do without TLS.
  const url = new URL(address.url);
  const common = commonOptions(url, tls, commandTimeoutMs);
  if (cluster !== undefined) return createCluster(url, cluster.nodes, common);
  const single = {
    ...common,
    enableOfflineQueue: false,
    retryStrategy,
    // A primary that became a replica keeps its connections where something else than sentinels changed it: the name leads to the new one.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  } satisfies RedisOptions;
  if (sentinel === undefined) return new Redis(url.href, single);
  const { name, username, password, db } = partsOf(url);
  return new Redis({
    ...single,
    sentinels: [...sentinel.nodes],
    name,
    ...credentials(username, password),
    db,
    ...(sentinel.username !== undefined && { sentinelUsername: sentinel.username }),
    ...(sentinel.password !== undefined && { sentinelPassword: sentinel.password }),
    sentinelCommandTimeout: commandTimeoutMs,
    ...(common.tls && { sentinelTLS: common.tls, enableTLSForSentinelMode: true }),
    // Told by the sentinels, it leaves a master that is no longer one, even if that one still holds the connection.
    failoverDetector: true,
    sentinelReconnectStrategy: retryStrategy,
  });
}

function commonOptions(url: URL, tls: RedisTls | undefined, commandTimeoutMs: number) {
  return {
    commandTimeout: commandTimeoutMs,
    connectTimeout: commandTimeoutMs,
    // A connection that takes commands and never answers is dropped, and another one made.
    socketTimeout: 2 * commandTimeoutMs,
    // Also how long ioredis keeps a timer after it was closed while it was between two attempts to connect.
    disconnectTimeout: 200,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    ...(url.protocol === 'rediss:' && { tls: { ...tls } }),
  } satisfies RedisOptions;
}

function createCluster(url: URL, others: readonly HostPort[], common: ReturnType<typeof commonOptions>): Cluster {
  const { name, port, username, password } = partsOf(url);
  return new Cluster([{ host: name, port }, ...others], {
    clusterRetryStrategy: retryStrategy,
    // What was sent over a connection that broke may have been carried out: it is not sent again.
    retryDelayOnFailover: 0,
    slotsRefreshTimeout: common.commandTimeout,
    // Names stay names, for the certificates to be checked by.
    dnsLookup: (host, callback) => callback(null, host),
    redisOptions: { ...common, ...credentials(username, password) },
  });
}

function credentials(username: string, password: string) {
  return { ...(username !== '' && { username }), ...(password !== '' && { password }) };
}

function partsOf({ hostname, port, username, password, pathname }: URL) {
  return {
    name: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || DEFAULT_PORT,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    db: Number(pathname.slice(1)) || 0,
  };
}
