export { startKafka, type KafkaNode, type KafkaOptions, type KafkaPart } from './parts/kafka.ts';
export { startPostgres, type PostgresOptions, type PostgresPart } from './parts/postgres.ts';
export { startRedis, type RedisOptions, type RedisPart } from './parts/redis.ts';
export { freePort, isPortFree, nextFreePort } from './parts/port.ts';
export { createTempDir, type TempDir } from './parts/temp-dir.ts';
