import type { OutgoingRecord } from '@hookline/contracts';
import type { EventLog } from '@hookline/event-log';
import { createLog, createMetrics } from '@hookline/service-kit';
import { expect, test } from '@jest/globals';
import { APPEND_DOUBTFUL_CODE, createAppender } from './append.ts';
import { createIngestionMetrics } from './metrics.ts';

const record = (id: string): OutgoingRecord => ({
  topic: 'webhook.events',
  key: id,
  value: Buffer.from('{}'),
  headers: {},
});

/** What the event log is asked for; it answers when it is told to. */
function scene() {
  const asked: { keys: (string | undefined)[]; deadlineMs: number }[] = [];
  const gate = Promise.withResolvers<[]>();
  const eventLog: Pick<EventLog, 'append'> = {
    append(records, options) {
      asked.push({ keys: records.map(({ key }) => key), deadlineMs: options?.deadlineMs ?? Infinity });
      return gate.promise;
    },
  };
  const metrics = createIngestionMetrics(createMetrics('ingestion'), () => 0);
  const appender = createAppender(eventLog as EventLog, createLog('ingestion', 'silent'), metrics);
  return { asked, appender, answer: () => gate.resolve([]) };
}

test('the deadline counts from the claim, and the oldest claim decides for those that go together', async () => {
  const { asked, appender, answer } = scene();
  answer();
  const nowMs = performance.now();
  await Promise.all([appender.append(record('a'), nowMs), appender.append(record('b'), nowMs - 5_000)]);
  expect(asked.map(({ keys }) => keys)).toEqual([['a', 'b']]);
  expect(asked[0]!.deadlineMs).toBeLessThanOrEqual(3_000);
  expect(asked[0]!.deadlineMs).toBeGreaterThan(1_500);
});

test("what has waited for its turn for too long is refused without being appended, and shortens nobody else's time", async () => {
  const { asked, appender, answer } = scene();
  answer();
  const nowMs = performance.now();
  const late = expect(appender.append(record('late'), nowMs - 7_900)).rejects.toMatchObject({
    code: APPEND_DOUBTFUL_CODE,
  });
  await appender.append(record('new'), nowMs);
  await late;
  expect(asked.map(({ keys }) => keys)).toEqual([['new']]);
  expect(asked[0]!.deadlineMs).toBeGreaterThan(6_000);
});

test('waiting behind calls that are under way counts', async () => {
  const { asked, appender, answer } = scene();
  const sinceMs = performance.now() - 7_000;
  const first: Promise<void>[] = [];
  for (let n = 0; n < 100; n++) {
    first.push(appender.append(record(`first ${n}`), performance.now()));
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(asked).toHaveLength(100);
  const queued = expect(appender.append(record('queued'), sinceMs)).rejects.toMatchObject({
    code: APPEND_DOUBTFUL_CODE,
  });
  await new Promise((resolve) => setTimeout(resolve, 700));
  answer();
  await Promise.all([...first, queued]);
  expect(asked).toHaveLength(100);
});
