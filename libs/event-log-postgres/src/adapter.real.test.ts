import { openDatabase, type Database, type Queryable } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import type { EventLog, LogRecord, RecordBatch } from '@hookline/event-log';
import { createTempDir, eventually, startPostgres, useRealParts, type TempDir } from '@hookline/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createPostgresEventLog } from './index.ts';
import { createLeases } from './leases.ts';
import { trim } from './trim.ts';

const MIGRATIONS = ['0001-event-log.sql', '0007-log-done-map.sql'].map((name) =>
  join(import.meta.dirname, '..', '..', '..', 'migrations', name),
);
const log = { warn: () => {} };
const parts = useRealParts({ postgres: true });
const SECOND = 1_000;
const topicOf = (name: string) =>
  ({ name, partitions: 4, cleanup: 'delete', retentionMs: 3_600_000, maxBytes: 1_000_000 }) as const;
const text = ({ value }: LogRecord) => String(value);

let url: string;
let server: Database;
let folder: TempDir;
let embedded: Database;
const opened: EventLog[] = [];

beforeAll(async () => {
  url = await parts.createDatabase();
  server = await openDatabase({ url });
  folder = await createTempDir('event-log');
  embedded = await openDatabase({ dataDir: folder.path });
  for (const database of [server, embedded]) await prepare(database);
}, 120_000);

afterEach(async () => {
  await Promise.all(opened.splice(0).map((eventLog) => eventLog.close()));
});

afterAll(async () => {
  await server?.close();
  await embedded?.close();
  await folder?.remove();
});

function open(database: Database): EventLog {
  const eventLog = createPostgresEventLog({ database, log });
  opened.push(eventLog);
  return eventLog;
}

async function makeTopic(eventLog: EventLog, settings: object = {}): Promise<string> {
  const name = parts.uniqueName('topic');
  await eventLog.createTopics([{ ...topicOf(name), ...settings }]);
  return name;
}

/** A database object of its own on the same database, whose statements can be held back. */
function wrapped(database: Database, before: (sql: string) => Promise<void>): Database {
  const wrap = (inner: Queryable): Queryable => ({
    async query(sql, parameters) {
      await before(sql);
      return inner.query(sql, parameters);
    },
  });
  return { ...database, ...wrap(database), transaction: (work) => database.transaction((tx) => work(wrap(tx))) };
}

describe('order', () => {
  test('a reader skips nothing of an earlier appender whose transaction is still open', async () => {
    const other = await openDatabase({ url });
    const [reader, later] = [open(server), open(other)];
    const topic = await makeTopic(reader);
    const seen: string[] = [];
    await reader.consume({
      group: 'g',
      topics: [topic],
      onFailure: fail,
      handler: { received: async ({ records }) => void seen.push(...records.map(text)) },
    });
    const { rows } = await server.query<{ id: number }>('SELECT topic_id AS id FROM log_topics WHERE name = $1', [
      topic,
    ]);
    let appended: Promise<unknown> | undefined;
    await server.transaction(async (tx) => {
      await tx.query(
        `SELECT log_append($1::smallint[], '{0}', '{2}', '{f}', '{1,1}', '{0,1}', '{a,a}', $2::bytea[], '{null,null}')`,
        [[rows[0]?.id ?? 0], ['first', 'second'].map((value) => Buffer.from(value))],
      );
      appended = later.append([{ topic, partition: 0, value: Buffer.from('third') }]);
      await delay(300);
      expect(seen).toEqual([]);
      expect((await reader.endOffsets(topic))[0]).toBe(0);
    });
    expect(await appended).toEqual([{ topic, partition: 0, offset: 2 }]);
    await eventually(() => expect(seen).toEqual(['first', 'second', 'third']));
    await later.close();
    await other.close();
  });

  test('readers see every record once, in order, while several appenders write to the same partition', async () => {
    const databases = await Promise.all([1, 2, 3].map(() => openDatabase({ url, poolSize: 3 })));
    const [reader, ...writers] = databases.map(open) as [EventLog, ...EventLog[]];
    const topic = await makeTopic(reader, { partitions: 1 });
    const offsets: number[] = [];
    await reader.consume({
      group: 'g',
      topics: [topic],
      onFailure: fail,
      handler: { received: async ({ records }) => void offsets.push(...records.map(({ offset }) => offset)) },
    });
    await Promise.all(
      writers.map(async (writer) => {
        for (let n = 0; n < 100; n++)
          await writer.append([
            { topic, value: Buffer.from('x') },
            { topic, value: null },
          ]);
      }),
    );
    await eventually(() => expect(offsets.length).toBeGreaterThanOrEqual(400));
    expect(offsets).toEqual(Array.from({ length: 400 }, (_, offset) => offset));
    await Promise.all([reader, ...writers].map((eventLog) => eventLog.close()));
    await Promise.all(databases.map((database) => database.close()));
  });
});

describe.each([
  ['PostgreSQL', () => server],
  ['PGlite', () => embedded],
])('leases on %s', (_, getDatabase) => {
  test('a commit of an owner whose lease was taken changes nothing, nor does its release', async () => {
    const database = getDatabase();
    const eventLog = open(database);
    const topic = await makeTopic(eventLog);
    const { rows } = await database.query<{ id: number }>('SELECT topic_id AS id FROM log_topics WHERE name = $1', [
      topic,
    ]);
    const topicIds = rows.map(({ id }) => id);
    const group = parts.uniqueName('group');
    const [stale, next] = [
      createLeases(database, group, 'stale', topicIds, 60 * SECOND),
      createLeases(database, group, 'next', topicIds, 60 * SECOND),
    ];
    await stale.join();
    const held = await stale.beat();
    expect(held).toHaveLength(4);
    await stale.commit(held.map((lease) => ({ ...lease, offset: 5, done: '' })));
    await database.query(
      `UPDATE log_members SET expires_at = clock_timestamp() - interval '1 s' WHERE group_name = $1`,
      [group],
    );
    const taken = await next.beat();
    expect(taken.map(({ epoch, committed }) => [epoch, committed])).toEqual(held.map(({ epoch }) => [epoch + 1, 5]));

    expect(await stale.commit(held.map((lease) => ({ ...lease, offset: 9, done: '' })))).toEqual([]);
    await stale.release(held);
    expect(await eventLog.committed(group, topic)).toEqual([5, 5, 5, 5]);
    expect(await next.commit(taken.map((lease) => ({ ...lease, offset: 7, done: '' })))).toHaveLength(4);
    // Back again, the old owner holds nothing until the new one gives its share up; and then under another epoch.
    expect(await stale.beat()).toEqual([]);
    const excess = (await next.beat()).filter((lease) => lease.excess);
    expect(excess).toHaveLength(2);
    await next.release(excess);
    const again = await stale.beat();
    expect(again.map(({ epoch, committed }) => [epoch, committed])).toEqual(excess.map(({ epoch }) => [epoch + 1, 7]));
    expect(
      await stale.commit(again.map((lease) => ({ ...lease, epoch: lease.epoch - 2, offset: 9, done: '' }))),
    ).toEqual([]);
  });

  test('members share what does not divide as evenly as can be', async () => {
    const database = getDatabase();
    const eventLog = open(database);
    const topic = await makeTopic(eventLog, { partitions: 12 });
    const { rows } = await database.query<{ id: number }>('SELECT topic_id AS id FROM log_topics WHERE name = $1', [
      topic,
    ]);
    const topicIds = rows.map(({ id }) => id);
    const group = parts.uniqueName('group');
    const members = Array.from({ length: 5 }, (__, n) => createLeases(database, group, `m${n}`, topicIds, 60 * SECOND));
    await members[0]?.join();
    for (let round = 0; round < 3; round++) {
      for (const member of members) await member.release((await member.beat()).filter(({ excess }) => excess));
    }
    const held = await Promise.all(members.map((member) => member.beat()));
    expect(held.map((leases) => leases.length).sort(ascending)).toEqual([2, 2, 2, 3, 3]);
    expect(held.flat().some(({ excess }) => excess)).toBe(false);
  });

  test('a member that cannot reach the database: others take over, and it stops by itself', async () => {
    const database = getDatabase();
    let frozen = false;
    const cutOff = wrapped(database, async () => {
      if (frozen) throw new Unavailable('cut off');
    });
    const [first, second] = [open(cutOff), open(database)];
    const topic = await makeTopic(second);
    const group = parts.uniqueName('group');
    await second.append([0, 1, 2, 3].map((partition) => ({ topic, partition, value: Buffer.from('x') })));
    const held: RecordBatch[] = [];
    const lost: number[] = [];
    const options = { group, topics: [topic], sessionTimeoutMs: 1_000, onFailure: fail };
    await first.consume({
      ...options,
      handler: { received: async (batch) => void held.push(batch), lost: ({ partition }) => void lost.push(partition) },
    });
    await eventually(() => expect(held).toHaveLength(4));
    frozen = true;
    const again: number[] = [];
    const startedAt = performance.now();
    const other = await second.consume({
      ...options,
      handler: { received: async ({ partition }) => void again.push(partition) },
    });
    await eventually(() => expect(again.sort(ascending)).toEqual([0, 1, 2, 3]));
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    await eventually(() => expect(lost.sort(ascending)).toEqual([0, 1, 2, 3]));
    expect(held.every(({ signal }) => signal.aborted)).toBe(true);
    for (const batch of held) batch.done(0);
    frozen = false;
    await eventually(() => expect(other.assignment()).toHaveLength(2));
    expect(await second.committed(group, topic)).toEqual([null, null, null, null]);
  });
});

test('members that a killed process left in its folder do not hold up the next start', async () => {
  const own = await createTempDir('event-log');
  const options = { group: 'g', topics: ['t'], onFailure: fail, handler: { received: async () => {} } };
  const before = await openDatabase({ dataDir: own.path });
  await prepare(before);
  await open(before).createTopics([topicOf('t')]);
  await createLeases(before, 'g', 'killed', [1], 60 * SECOND).join();
  expect(await createLeases(before, 'g', 'killed', [1], 60 * SECOND).beat()).toHaveLength(4);
  await before.close();

  const after = await openDatabase({ dataDir: own.path });
  const eventLog = open(after);
  const [one, other] = [await eventLog.consume(options), await eventLog.consume(options)];
  await eventually(() => expect([one.assignment().length, other.assignment().length]).toEqual([2, 2]), {
    timeoutMs: 2_000,
  });
  await eventLog.close();
  await after.close();
  await own.remove();
}, 60_000);

describe.each([
  ['PostgreSQL', () => server],
  ['PGlite', () => embedded],
])('trimming on %s', (_, getDatabase) => {
  /** Makes all that was appended until now that much older. */
  const age = (topic: string, ms: number) =>
    getDatabase().query(
      'UPDATE log_records SET appended_at = appended_at - $2::int8 WHERE topic_id = (SELECT topic_id FROM log_topics WHERE name = $1)',
      [topic, ms],
    );
  const stored = async (topic: string) =>
    (
      await getDatabase().query<{ place: string }>(
        `SELECT partition || '/' || "offset" AS place FROM log_records JOIN log_topics USING (topic_id)
         WHERE name = $1 ORDER BY partition, "offset"`,
        [topic],
      )
    ).rows.map(({ place }) => place);

  test('removes what is older than the retention, consumed or not, and nothing newer', async () => {
    const database = getDatabase();
    const eventLog = open(database);
    const topic = await makeTopic(eventLog, { retentionMs: 60 * SECOND });
    const some = (count: number, partition: number) =>
      Array.from({ length: count }, () => ({ topic, partition, value: Buffer.from('x') }));
    await eventLog.append([...some(2_300, 0), ...some(2, 1)]);
    await age(topic, 120 * SECOND);
    await eventLog.append(some(2, 0));
    await trim(database);
    expect(await stored(topic)).toEqual(['0/2300', '0/2301']);
    expect(await eventLog.endOffsets(topic)).toEqual([2_302, 2, 0, 0]);
    expect(await eventLog.offsetsAt(topic, 0)).toEqual([2_300, 2, 0, 0]);

    const seen: number[] = [];
    // Of its own, so that it doesn't read from memory.
    const reader = open(wrapped(database, async () => {}));
    const consumption = await reader.consume({
      group: parts.uniqueName('group'),
      topics: [topic],
      onFailure: fail,
      handler: {
        received: async (batch) => {
          for (const { offset } of batch.records) {
            seen.push(offset);
            batch.done(offset);
          }
        },
      },
    });
    await eventually(() => expect(seen).toEqual([2_300, 2_301]));
    await consumption.close();
    await trim(database);
    expect(await stored(topic)).toHaveLength(2);
  });

  test('leaves the last record of each key of a compacted topic; a tombstone goes after the retention', async () => {
    const database = getDatabase();
    const eventLog = open(database);
    const topic = await makeTopic(eventLog, { cleanup: 'compact', retentionMs: 60 * SECOND });
    const put = (key: string, value: string | null) =>
      eventLog.append([{ topic, key, partition: 0, value: value === null ? null : Buffer.from(value) }]);
    for (const key of ['a', 'b', 'a', 'c', 'a']) await put(key, key);
    await put('c', null);
    await trim(database);
    expect(await stored(topic)).toEqual(['0/1', '0/4', '0/5']);
    await put('b', null);
    await age(topic, 120 * SECOND);
    await put('a', 'new');
    await put('d', null);
    await trim(database);
    expect(await stored(topic)).toEqual(['0/7', '0/8']);
    await trim(database);
    expect(await stored(topic)).toEqual(['0/7', '0/8']);
  });
});

describe('processes', () => {
  test('share the partitions; when one is killed the others do its part, and nothing is lost', async () => {
    const eventLog = open(server);
    const topic = await makeTopic(eventLog, { partitions: 12 });
    const group = parts.uniqueName('group');
    const seen = new Set<string>();
    const children = [1, 2, 3].map((): ChildProcess => {
      const child = fork(join(import.meta.dirname, '..', 'contract', 'member.ts'), [url, group, topic], {
        execArgv: [],
      });
      child.on('message', (values) => (values as string[]).forEach((value) => seen.add(value)));
      return child;
    });
    try {
      const sent: string[] = [];
      for (let n = 0; n < 60; n++) {
        const values = Array.from({ length: 20 }, (_, index) => `${n}-${index}`);
        await eventLog.append(values.map((key) => ({ topic, key, value: Buffer.from(key) })));
        sent.push(...values);
        if (n === 30) {
          await eventually(() => expect(seen.size).toBeGreaterThan(100), { timeoutMs: 20_000 });
          children[0]?.kill('SIGKILL');
        }
        await delay(20);
      }
      await eventually(() => expect(sent.filter((value) => !seen.has(value))).toEqual([]), { timeoutMs: 20_000 });
      await eventually(async () =>
        expect(await eventLog.committed(group, topic)).toEqual(await eventLog.endOffsets(topic)),
      );
    } finally {
      for (const child of children) {
        if (child.exitCode === null && child.signalCode === null) {
          child.kill('SIGKILL');
          await once(child, 'exit');
        }
      }
    }
  }, 90_000);
});

describe('a server that goes away', () => {
  test('an append waits for it until its deadline; consumption goes on afterwards', async () => {
    const own = await startPostgres();
    const database = await openDatabase({ url: own.url });
    try {
      await prepare(database);
      const eventLog = open(database);
      const topic = await makeTopic(eventLog);
      const seen: string[] = [];
      await eventLog.consume({
        group: 'g',
        topics: [topic],
        onFailure: fail,
        handler: { received: async ({ records }) => void seen.push(...records.map(text)) },
      });
      await eventLog.append([{ topic, partition: 0, value: Buffer.from('before') }]);
      await own.kill();
      // The server's processes for our connections take a moment to notice.
      await eventually(() => expect(database.ping(300)).rejects.toBeInstanceOf(Unavailable));
      const startedAt = performance.now();
      const tooShort = eventLog.append([{ topic, partition: 0, value: Buffer.from('too short') }], { deadlineMs: 400 });
      await expect(tooShort).rejects.toBeInstanceOf(Unavailable);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      const patient = eventLog.append([{ topic, partition: 0, value: Buffer.from('patient') }]);
      await own.start();
      await patient;
      await eventually(() => expect(seen.slice(-1)).toEqual(['patient']), { timeoutMs: 20_000 });
      expect(seen[0]).toBe('before');
      await eventLog.close();
    } finally {
      await database.close();
      await own.stop();
    }
  }, 90_000);
});

const ascending = (a: number, b: number) => a - b;

function fail(error: Error): void {
  throw error;
}

async function prepare(database: Database): Promise<void> {
  for (const file of MIGRATIONS) await database.query(await readFile(file, 'utf8'));
}
