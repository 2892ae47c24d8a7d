import { z } from 'zod';
import { flag, list, optionalText, optionalUrl } from '../values.ts';
import { clientCertificateKeys } from './shared-keys.ts';

export const redisSection = z.strictObject({
  url: optionalUrl(/^rediss?$/, 'redis://localhost:6379').describe(
    '`redis://user:password@host:6379`, or `rediss://` with TLS. Redis 6.2 or later with `maxmemory-policy noeviction`',
  ),
  cluster: flag(false).describe(
    'Whether it is a Redis Cluster, of which `url` names a node or the configuration endpoint',
  ),
  cluster_nodes: list('redis-2:6379').describe(
    '`host:port` of more nodes of the cluster, asked for the others while that in `url` is away',
  ),
  sentinels: list('sentinel-1:26379').describe(
    '`host:port` of sentinels. `url` then has the name by which they know the master: `redis://:password@mymaster`',
  ),
  sentinel_username: optionalText('hookline').describe('Who logs in to the sentinels'),
  sentinel_password: optionalText('a-long-password').describe(
    "With which password; without it none, whatever the master's is",
  ),
  ssl_ca_file: optionalText('/etc/hookline/redis/ca.pem').describe(
    "For `rediss://`: PEM file of the authority of the server's certificate, without which the system's count. For sentinels the same",
  ),
  ...clientCertificateKeys('redis', 'a Redis that wants one'),
  ssl_servername: optionalText('redis.example.com').describe(
    "The name in the server's certificate, where servers are reached by another or by their address",
  ),
});
