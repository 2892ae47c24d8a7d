import type { OutgoingRecord } from '@hookline/contracts';
import type { EventLog } from '@hookline/event-log';
import { createLog } from '@hookline/service-kit';
import { expect, test } from '@jest/globals';
import { APPEND_DOUBTFUL_CODE, createAppender } from './append.ts';

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
  const eventLog: Pick<EventLog, 'append' | 'ping'> = {
    ping: async () => undefined,
    append(records, options) {
      asked.push({ keys: records.map(({ key }) => key), deadlineMs: options?.deadlineMs ?? Infinity });
      return gate.promise;
    },
  };
  const appender = createAppender(eventLog as EventLog, createLog('ingestion', 'silent'));
  return { asked, appender, answer: () => gate.resolve([]) };
}

test('the deadline counts from the claim', async () => {
  const { asked, appender, answer } = scene();
  answer();
  const nowMs = performance.now();
  await Promise.all([
    appender.append([record('a'), record('b')], nowMs),
    appender.append([record('c')], nowMs - 5_000),
  ]);
  expect(asked.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c']]);
  expect(asked[0]!.deadlineMs).toBeGreaterThan(6_000);
  expect(asked[1]!.deadlineMs).toBeLessThanOrEqual(3_000);
  expect(asked[1]!.deadlineMs).toBeGreaterThan(1_500);
});

test('what comes too late is refused without being appended', async () => {
  const { asked, appender } = scene();
  await expect(appender.append([record('late')], performance.now() - 7_900)).rejects.toMatchObject({
    code: APPEND_DOUBTFUL_CODE,
  });
  expect(asked).toEqual([]);
});

test('a failure speaks against readiness until the next success', async () => {
  const { appender, answer } = scene();
  await expect(appender.append([record('late')], performance.now() - 7_900)).rejects.toThrow();
  expect(await appender.check()).toBe('the last append failed');
  answer();
  await appender.append([record('a')], performance.now());
  expect(await appender.check()).toBeUndefined();
});
