import { expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { checkConfig } from './check.ts';

const PUBLIC = { HOOKLINE_HOST: '0.0.0.0' };
const SECRETS = {
  SECURITY_JWT_SECRET: randomBytes(48).toString('base64'),
  SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
};
const FULL = { KAFKA_BROKERS: 'kafka:9092', REDIS_URL: 'redis://redis', DATABASE_URL: 'postgres://db/hookline' };

test.each([
  ['embedded', {}],
  ['PostgreSQL alone', { DATABASE_URL: FULL.DATABASE_URL }],
  ['Kafka, Redis and PostgreSQL', { ...PUBLIC, ...SECRETS, ...FULL }],
])('%s: nothing is wrong', (mode, env) => {
  expect(checkConfig({ env })).toEqual({ problems: [], mode: expect.stringContaining(mode) });
});

test('whatever any service would refuse is told once, with an example', () => {
  const env = { ...PUBLIC, DATABASE_POOL_SIZE: '0', DISPATCHER_HTTP_TIMEOUT: 'soon', OBSERVABILITY_PORT: '99999' };
  expect(checkConfig({ env }).problems.toSorted()).toEqual([
    'database.pool_size: must be at least 1; e.g. DATABASE_POOL_SIZE=10',
    'dispatcher.http_timeout: "soon" is no time span; e.g. DISPATCHER_HTTP_TIMEOUT=30s',
    'observability.port: must be at most 65535; e.g. OBSERVABILITY_PORT=8085',
    'security.encryption_key: is missing; e.g. SECURITY_ENCRYPTION_KEY="$(openssl rand -base64 32)"',
    'security.jwt_secret: is missing; e.g. SECURITY_JWT_SECRET="$(openssl rand -base64 48)"',
  ]);
});

test('stores that make no back end together are a problem', () => {
  expect(checkConfig({ env: { KAFKA_BROKERS: 'kafka:9092' } }).problems).toEqual([
    expect.stringMatching(/REDIS_URL, e\.g\. .*DATABASE_URL, e\.g\. /),
  ]);
});

test('several workers are a problem where all services share a process', () => {
  const env = { DISPATCHER_WORKER_COUNT: '2' };
  expect(checkConfig({ env }).problems).toEqual([expect.stringMatching(/^dispatcher\.worker_count: must be 1 with /)]);
  expect(checkConfig({ env: { ...env, DATABASE_URL: FULL.DATABASE_URL } }).problems).toEqual([]);
});
