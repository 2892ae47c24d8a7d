export type { HostPort, RedisAddress, RedisTls } from './address.ts';
export { connectRedis, type RedisConnection, type RedisConnectionOptions, type RedisLog } from './connection.ts';
export { loadScripts, type RunScript, type ScriptReply } from './scripts.ts';
