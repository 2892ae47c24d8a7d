import { decodeEventType, eventTypeKey, TOPIC, type DecodedEventType } from '@hookline/contracts';
import { openDatabase, type Database } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog } from '@hookline/service-kit';
import { eventually, useRealParts } from '@hookline/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openScene, prepare, recordsOf, TOKEN, type Scene } from '../testing/scene.ts';
import { createEventTypePublisher } from './publish.ts';

const parts = useRealParts({ postgres: true });
const log = createLog('registry', 'silent');
let database: Database;
let eventLog: EventLog;
let scene: Scene;

beforeEach(async () => {
  database = await openDatabase({ url: await parts.createDatabase() });
  eventLog = await prepare(database, (on) => createPostgresEventLog({ database: on, log }));
  scene = await openScene(database, eventLog);
}, 60_000);

afterEach(async () => {
  await scene?.stop();
  await eventLog?.close();
  await database?.close();
});

const KEY = eventTypeKey('default', 'order.created');
const SCHEMA = '{"type":"object"}';

function put(more: object = {}) {
  const eventType = { name: 'order.created', schema: SCHEMA, onMismatch: 'reject', ...more };
  return scene.call('PutEventType', { eventType }, TOKEN.default);
}

const isPublished = async (): Promise<DecodedEventType[]> =>
  (await recordsOf(eventLog, TOPIC.eventTypes)).map(decodeEventType);

test('what a type asks of its events is in the topic when its change is answered', async () => {
  await put();
  await put({ onMismatch: 'tag' });
  await put({ onMismatch: 'none' });
  await put();
  await scene.call('DeleteEventType', { name: 'order.created' }, TOKEN.default);
  const records = await isPublished();
  expect(records).toMatchObject([
    { kind: 'rule', key: KEY, rule: { schema: SCHEMA, onMismatch: 'reject' } },
    { kind: 'rule', key: KEY, rule: { schema: SCHEMA, onMismatch: 'tag' } },
    { kind: 'none', key: KEY },
    { kind: 'rule', key: KEY, rule: { onMismatch: 'reject' } },
    { kind: 'none', key: KEY },
  ]);
  const versions = records.map((record) => ('version' in record ? record.version : 0));
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  expect(new Set(versions).size).toBe(versions.length);
});

test('a change that could not be published is answered, and published later', async () => {
  await scene.stop();
  let isAway = true;
  const away: EventLog = {
    ...eventLog,
    append: (records) =>
      isAway && records[0]?.topic === TOPIC.eventTypes
        ? Promise.reject(new Unavailable('away'))
        : eventLog.append(records),
  };
  scene = await openScene(database, away);
  await put();
  expect(await isPublished()).toEqual([]);
  isAway = false;
  await eventually(async () => expect(await isPublished()).toMatchObject([{ kind: 'rule', key: KEY }]), {
    timeoutMs: 15_000,
  });
}, 30_000);

test('an emptied topic is filled again at the start', async () => {
  await put();
  await scene.stop();
  const appended: unknown[] = [];
  const emptied = {
    endOffsets: () => Promise.resolve([0]),
    append: async (records: readonly unknown[]) => void appended.push(...records),
  };
  const publisher = createEventTypePublisher({ database, eventLog: emptied as never, log });
  await publisher.published();
  await publisher.published();
  expect(appended).toMatchObject([{ key: KEY }]);
  await publisher.close();
});
