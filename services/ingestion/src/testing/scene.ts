import { join } from 'node:path';
import { decodeEvent, TOPIC, TOPICS } from '@hookline/contracts';
import { migrate, openDatabase } from '@hookline/database';
import { systemClock, type Event } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import type { Limits } from '@hookline/limits';
import { createMemoryLimits } from '@hookline/limits-memory';
import { createRedisLimits } from '@hookline/limits-redis';
import { createLog, createMetrics, createTokens, loadConfig, type ProblemBody } from '@hookline/service-kit';
import { createTempDir, eventually, startKafka, startRedis, type KafkaPart, type RedisPart } from '@hookline/testkit';
import { afterEach, expect } from '@jest/globals';
import { createIngestion, ingestionConfig, type Ingestion, type IngestionDeps } from '../index.ts';

/* What the tests of ingestion on real stores share. */

const MIGRATIONS = join(import.meta.dirname, '../../../../migrations');
export const SECRET = 'a-secret-of-at-least-32-characters!';
const DEDUPLICATION = { pendingMs: 10_000, windowMs: 86_400_000, maxKeys: 100_000 };
const log = createLog('ingestion', 'silent');
export const tokens = createTokens(SECRET, 3_600_000);
export const tokenOf = (tenant: string, scopes = ['events:publish']) =>
  tokens.issue({ tenant, subject: 'usr_1', scopes }).token;

export interface Stores {
  eventLog: EventLog;
  limits: Limits;
  close: () => Promise<void>;
}

/** Closed after each test. */
const running: Ingestion[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((ingestion) => ingestion.close(Date.now() + 1_000)));
});

export async function startOn(
  { eventLog, limits }: Pick<Stores, 'eventLog' | 'limits'>,
  settings: Record<string, string> = {},
  registry: Pick<IngestionDeps, 'credentials' | 'quotas'> = {},
) {
  const env = {
    INGESTION_PORT: '0',
    SECURITY_JWT_SECRET: SECRET,
    SECURITY_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    ...settings,
  };
  const config = loadConfig(ingestionConfig, { env });
  const metrics = createMetrics('ingestion');
  const ingestion = createIngestion({
    config,
    log,
    metrics,
    clock: systemClock,
    eventLog,
    limits,
    ...registry,
    droppedIds: () => 0,
    fail: (error) => {
      throw error;
    },
  });
  await ingestion.start();
  running.push(ingestion);
  return { ingestion, base: `http://127.0.0.1:${ingestion.port}`, metrics };
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & Partial<ProblemBody>;
}

export async function post(url: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    body: body as string,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

export function publish(base: string, body: object | string, tenant = 'acme'): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return post(`${base}/api/v1/events`, text, { authorization: `Bearer ${tokenOf(tenant)}` });
}

let sequence = 0;
export const newId = () => `test-${++sequence}`;
export const eventBody = (id: string, data: unknown = { n: 1 }) => ({
  id,
  type: 'order.created',
  source: '/shop',
  data,
});

/** Everything in the log. */
export async function readAll(eventLog: EventLog): Promise<Event[]> {
  const ends = await eventLog.endOffsets(TOPIC.events);
  const events: Event[] = [];
  const following = await eventLog.follow({
    topic: TOPIC.events,
    async received(records) {
      for (const record of records) {
        const decoded = decodeEvent(record);
        if (decoded.kind === 'event') events.push(decoded.event);
      }
    },
    onFailure() {},
  });
  await eventually(() =>
    expect(following.position().every((at, partition) => at >= (ends[partition] ?? 0))).toBe(true),
  );
  await following.close();
  return events;
}

export async function countOf(eventLog: EventLog): Promise<number> {
  return (await eventLog.endOffsets(TOPIC.events)).reduce((sum, end) => sum + end, 0);
}

export async function openEmbedded(): Promise<Stores> {
  const folder = await createTempDir('ingestion');
  const database = await openDatabase({ dataDir: folder.path });
  await migrate(database, MIGRATIONS);
  const eventLog = createPostgresEventLog({ database, log });
  await eventLog.createTopics(TOPICS);
  const limits = createMemoryLimits({ deduplication: DEDUPLICATION });
  return {
    eventLog,
    limits,
    async close() {
      await eventLog.close();
      await limits.close();
      await database.close();
      await folder.remove();
    },
  };
}

export async function openFull(): Promise<Stores & { kafka: KafkaPart; redis: RedisPart }> {
  const [kafka, redis] = await Promise.all([startKafka(), startRedis()]);
  const eventLog = createKafkaEventLog({ brokers: kafka.brokers, clientId: 'ingestion-test', log });
  await eventLog.createTopics(TOPICS);
  const limits = createRedisLimits({ url: redis.url, deduplication: DEDUPLICATION, log });
  return {
    eventLog,
    limits,
    kafka,
    redis,
    async close() {
      await Promise.all([eventLog.close(), limits.close()]);
      await Promise.all([kafka.stop(), redis.stop()]);
    },
  };
}
