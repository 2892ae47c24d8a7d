import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { encodeRejected, MAX_BYTES, TOPIC, TOPICS } from '@hookline/contracts';
import { migrate, openDatabase } from '@hookline/database';
import type { EventLog, LogRecord } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog } from '@hookline/service-kit';
import { createTempDir, eventually } from '@hookline/testkit';
import { startStandalone } from './standalone-process.ts';

const ROOT = join(import.meta.dirname, '../..');
const log = createLog('test', 'silent');
let folder: Awaited<ReturnType<typeof createTempDir>>;

beforeEach(async () => {
  folder = await createTempDir('hookline-rejected');
});

afterEach(() => folder.remove());

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** As `npm run rejected -- ...` runs it. */
async function rejected(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(ROOT, 'tools/rejected.ts'), ...args], {
    cwd: folder.path,
    env: { PATH: process.env['PATH'], HOOKLINE_DATA: join(folder.path, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ended.stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (ended.stderr += chunk.toString('utf8')));
  ended.code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return ended;
}

/** The embedded platform's own log, while the platform does not run. */
async function withLog<T>(
  use: (eventLog: EventLog, sql: (text: string) => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({ dataDir: join(folder.path, 'data') });
  await migrate(database, join(ROOT, 'migrations'));
  const eventLog = createPostgresEventLog({ database, log });
  try {
    await eventLog.createTopics(TOPICS);
    return await use(eventLog, (text) => database.query(text));
  } finally {
    await eventLog.close();
    await database.close();
  }
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const countOf = (topic: string) => withLog(async (eventLog) => sum(await eventLog.endOffsets(topic)));

function recordAt(offset: number, value: Buffer): LogRecord {
  return { topic: TOPIC.events, partition: 2, offset, key: 'k', value, headers: { ce_id: 'x' }, timestampMs: 1 };
}

test('what both readers of webhook.events rejected is listed twice and put back once, by the first replay alone', async () => {
  const poison = Buffer.from('poison');
  await withLog((eventLog) => eventLog.append([{ topic: TOPIC.events, partition: 2, value: poison, headers: {} }]));

  // It may be stopped before it has read everything; then the next start does.
  for (let starts = 0; (await countOf(TOPIC.rejected)) < 2 && starts < 5; starts++) {
    const platform = startStandalone(folder.path);
    await platform.ready();
    const whileRunning = await rejected('list');
    expect([whileRunning.code, whileRunning.stdout]).toEqual([1, '']);
    expect(whileRunning.stderr).toContain(String(platform.pid));
    platform.signal('SIGTERM');
    expect((await platform.ended).code).toBe(0);
  }

  const listed = await rejected('list');
  expect([listed.code, listed.stderr]).toEqual([0, '']);
  const lines = listed.stdout.trim().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines.filter((line) => line.includes(`${TOPIC.events}/2@0  `))).toHaveLength(2);
  expect(lines.filter((line) => line.includes('hookline.dispatcher: ce_id must be'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('observability: ce_id must be'))).toHaveLength(1);
  expect(lines.at(-1)).toBe('2 rejected records');

  expect(await rejected('replay')).toEqual({ code: 0, stdout: '1 records put back\n', stderr: '' });
  expect(await rejected('replay')).toEqual({ code: 0, stdout: '0 records put back\n', stderr: '' });
  const records = await withLog(async (eventLog) => {
    const found: LogRecord[] = [];
    const received = async (more: LogRecord[]) => void found.push(...more);
    await eventLog.follow({ topic: TOPIC.events, received, onFailure: () => {} });
    await eventually(() => expect(found).toHaveLength(2));
    return found;
  });
  expect(records.map(({ partition, value }) => [partition, value])).toEqual([
    [2, poison],
    [2, poison],
  ]);
}, 120_000);

test('what is too large to be kept is listed with its place, and not put back', async () => {
  const large = recordAt(7, Buffer.alloc(MAX_BYTES));
  await withLog((eventLog) =>
    eventLog.append([encodeRejected(large, 'one', 'why'), encodeRejected(large, 'two', 'why')]),
  );
  const listed = await rejected('list');
  expect(listed.stdout).toContain(`${TOPIC.events}/2@7  one: why  (not kept here: `);
  const place = `${TOPIC.events}/2@7 is too large for ${TOPIC.rejected} (${MAX_BYTES + 13 + 1} bytes): it is still there, for as long as ${TOPIC.events} keeps it`;
  expect(listed.stdout).toContain(place);
  expect(await rejected('replay')).toEqual({
    code: 0,
    stdout: '0 records put back\n',
    stderr: `not put back: ${place}\n`,
  });
  expect(await countOf(TOPIC.events)).toBe(0);
});

test('where retention has removed records that were never replayed, the rest is put back, and there is an end', async () => {
  const copies = [1, 2, 3].map((offset) => encodeRejected(recordAt(offset, Buffer.from(`${offset}`)), 'one', 'why'));
  const trimAll = (sql: (text: string) => Promise<unknown>) =>
    sql(`SELECT log_trim(topic_id, 0, log_now_ms() + 1, 1000) FROM log_topics WHERE name = '${TOPIC.rejected}'`);
  await withLog(async (eventLog, sql) => {
    await eventLog.append(copies.slice(0, 2));
    await trimAll(sql);
    expect(await eventLog.offsetsAt(TOPIC.rejected, 0)).toEqual([2]);
  });
  expect(await rejected('list')).toEqual({ code: 0, stdout: '0 rejected records\n', stderr: '' });
  expect(await rejected('replay')).toEqual({ code: 0, stdout: '0 records put back\n', stderr: '' });
  await withLog((eventLog) => eventLog.append(copies.slice(2)));
  expect(await rejected('replay')).toEqual({ code: 0, stdout: '1 records put back\n', stderr: '' });
  expect(await countOf(TOPIC.events)).toBe(1);
});

test('usage', async () => {
  const help = await rejected('--help');
  expect([help.code, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toContain('npm run rejected -- replay');
  expect(help.stdout).toContain('stop it first');
  expect(await rejected('mend')).toEqual({ code: 2, stdout: '', stderr: help.stdout });
});
