export { createAuthority, type Authority, type Certificate } from './certificates.ts';
export { createConnectProxy, type ConnectProxy } from './connect-proxy.ts';
export { createManualClock, type ManualClock } from './manual-clock.ts';
export { createNameServer, type NameAnswer, type NameServer } from './name-server.ts';
export { createRandom, type Random } from './random.ts';
export {
  createReceiver,
  type ReceivedRequest,
  type Receiver,
  type ReceiverAnswer,
  type ReceiverOptions,
  type ReceiverResponse,
} from './receiver.ts';
export { eventually, type WaitOptions } from './wait.ts';
export { defaultCacheDir, fillOnce } from './parts/cache.ts';
export { createDatabase, dropDatabase, ensureTemplate } from './parts/databases.ts';
export { startKafka, type KafkaNode, type KafkaOptions, type KafkaPart } from './parts/kafka.ts';
export { findPgBouncer, startPgBouncer, type PgBouncerOptions, type PgBouncerPart } from './parts/pgbouncer.ts';
export { freePort, isPortFree, nextFreePort } from './parts/port.ts';
export { startPostgres, type PostgresOptions, type PostgresPart } from './parts/postgres.ts';
export { findPrometheus, startPrometheus, type PrometheusPart, type PrometheusTools } from './parts/prometheus.ts';
export { startRedis, type RedisOptions, type RedisPart } from './parts/redis.ts';
export { startRedisCluster, type RedisClusterPart } from './parts/redis-cluster.ts';
export { startRedisSentinels, type RedisSentinelsPart } from './parts/redis-sentinels.ts';
export { startSchemaRegistry, type SchemaRegistryPart } from './parts/schema-registry.ts';
export { startSharedParts, type SharedParts, type WantedParts } from './parts/shared-parts.ts';
export { createTempDir, type TempDir } from './parts/temp-dir.ts';
export { uniqueName } from './parts/unique-name.ts';
export { useRealParts, type RealParts } from './parts/use-real-parts.ts';
