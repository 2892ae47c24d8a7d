import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeRejected, MAX_BYTES, TOPIC, TOPICS } from '@hookline/contracts';
import { migrate, openDatabase, type Database } from '@hookline/database';
import type { EventLog, LogRecord } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog, createMetrics } from '@hookline/service-kit';
import { createTempDir, eventually } from '@hookline/testkit';
import { join } from 'node:path';
import { createDispatcherMetrics } from './metrics.ts';
import { createRecorder } from './record.ts';

const MIGRATIONS = join(import.meta.dirname, '../../../migrations');
const log = createLog('test', 'silent');
let folder: Awaited<ReturnType<typeof createTempDir>>;
let database: Database;
let eventLog: EventLog;

beforeAll(async () => {
  folder = await createTempDir('dispatcher');
  database = await openDatabase({ dataDir: folder.path });
  await migrate(database, MIGRATIONS);
  eventLog = createPostgresEventLog({ database, log });
  await eventLog.createTopics(TOPICS);
}, 60_000);

afterAll(async () => {
  await eventLog.close();
  await database.close();
  await folder.remove();
});

test('an outcome that a log refuses for its size is marked there, and those beside it are in the log', async () => {
  const recorder = createRecorder({
    eventLog,
    log,
    metrics: createDispatcherMetrics(createMetrics('dispatcher')),
  });
  const retries: LogRecord[] = [];
  const rejected: LogRecord[] = [];
  const onFailure = (error: Error) => {
    throw error;
  };
  await eventLog.follow({ topic: TOPIC.retries, received: async (more) => void retries.push(...more), onFailure });
  await eventLog.follow({ topic: TOPIC.rejected, received: async (more) => void rejected.push(...more), onFailure });
  const durable: string[] = [];
  const source = { topic: TOPIC.events, partition: 3, offset: 17 };
  for (const [key, sizeBytes] of Object.entries({ before: 1, large: MAX_BYTES, after: 1 })) {
    const record = { topic: TOPIC.retries, partition: 0, key, value: Buffer.alloc(sizeBytes) };
    recorder.record([record], source, (all) => durable.push(`${key} ${all}`));
  }
  await eventually(() => expect(durable).toEqual(['before true', 'large false', 'after true']));
  await eventually(() => expect([retries.length, rejected.length]).toEqual([2, 1]));
  expect(retries.map(({ key }) => key)).toEqual(['before', 'after']);
  expect(rejected.map(decodeRejected)).toMatchObject([
    { kind: 'omitted', ...source, reason: expect.stringContaining('too large for webhook.retries: a record of') },
  ]);
  expect(recorder.problem()).toBeNull();
});
