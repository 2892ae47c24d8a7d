import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeRejected, encodeRetry, MAX_BYTES, TOPIC, TOPICS } from '@hookline/contracts';
import { migrate, openDatabase, type Database } from '@hookline/database';
import type { EventLog, LogRecord } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog } from '@hookline/service-kit';
import { createTempDir, eventually } from '@hookline/testkit';
import { join } from 'node:path';
import { changesOf } from './changes.ts';

const MIGRATIONS = join(import.meta.dirname, '../../../migrations');
let folder: Awaited<ReturnType<typeof createTempDir>>;
let database: Database;
let eventLog: EventLog;

beforeAll(async () => {
  folder = await createTempDir('retry-manager');
  database = await openDatabase({ dataDir: folder.path });
  await migrate(database, MIGRATIONS);
  eventLog = createPostgresEventLog({ database, log: createLog('test', 'silent') });
  await eventLog.createTopics(TOPICS);
}, 60_000);

afterAll(async () => {
  await eventLog.close();
  await database.close();
  await folder.remove();
});

async function follow(topic: string): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  await eventLog.follow({
    topic,
    received: async (more) => void records.push(...more),
    onFailure: (error) => {
      throw error;
    },
  });
  return records;
}

test('unreadable records as large as the log takes leave markers that it takes, and the retry between them is kept', async () => {
  const [retries, rejected] = await Promise.all([follow(TOPIC.retries), follow(TOPIC.rejected)]);
  const nowMs = Date.now();
  const good = encodeRetry({
    deliveryId: 'dlv_good',
    webhookId: 'wh_1',
    event: {
      tenant: 'default',
      id: 'event',
      type: 'order.created',
      source: 'test',
      time: '2026-01-01T00:00:00Z',
      data: Buffer.from('{}'),
      contentType: 'application/json',
      acceptedAtMs: nowMs,
    },
    attempt: 2,
    dueAtMs: nowMs,
    firstAttemptAtMs: nowMs,
    deferred: false,
  });
  const large = 'h'.repeat(MAX_BYTES - 1_000);
  const positions = await eventLog.append([
    { topic: TOPIC.retries, key: 'dlv_a', partition: 0, value: Buffer.from(large), headers: { hl_v: '99' } },
    { ...good, partition: 0 },
    { topic: TOPIC.retries, key: 'dlv_b', partition: 0, value: Buffer.from('{}'), headers: { hl_v: large } },
  ]);
  await eventually(() => expect(retries).toHaveLength(3));
  const { changes, rejected: markers } = changesOf(retries);
  expect(changes).toMatchObject([{ kind: 'wait', deliveryId: 'dlv_good' }]);
  await eventLog.append(markers);
  await eventually(() => expect(rejected).toHaveLength(2));
  expect(rejected.map(decodeRejected)).toMatchObject([
    { kind: 'omitted', consumer: 'retry-manager', ...positions[0] },
    { kind: 'omitted', consumer: 'retry-manager', ...positions[2] },
  ]);
});
