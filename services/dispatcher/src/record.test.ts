import { describe, expect, test } from '@jest/globals';
import { decodeRejected, TOPIC } from '@hookline/contracts';
import { TooLarge, Unavailable } from '@hookline/domain';
import type { NewRecord } from '@hookline/event-log';
import { createLog, createMetrics } from '@hookline/service-kit';
import { eventually } from '@hookline/testkit';
import { createDispatcherMetrics } from './metrics.ts';
import { createRecorder } from './record.ts';

const log = createLog('test', 'silent');
const source = { topic: TOPIC.events, partition: 3, offset: 17 };
const record = (key: string): NewRecord => ({ topic: 't', key, value: null });

describe('recorder', () => {
  test('what is recorded in one moment goes into one call, in order', async () => {
    const calls: string[][] = [];
    const { recorder, durable } = scene(async (records) => void calls.push(records.map(({ key }) => key as string)));
    for (const key of ['a', 'b', 'c'])
      recorder.record([record(key), record(`${key}2`)], source, () => durable.push(key));
    await eventually(() => expect(durable).toEqual(['a', 'b', 'c']));
    expect(calls).toEqual([['a', 'a2', 'b', 'b2', 'c', 'c2']]);
  });

  test('is tried again until the log is back; nothing counts as durable before', async () => {
    let away = true;
    const { recorder, durable } = scene(() => (away ? Promise.reject(new Unavailable('away')) : Promise.resolve()));
    recorder.record([record('a')], source, () => durable.push('a'));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(durable).toEqual([]);
    away = false;
    await eventually(() => expect(durable).toEqual(['a']));
    expect(recorder.problem()).toBeNull();
  });

  test('a log that has not taken anything for seconds is a problem', async () => {
    const { recorder } = scene(() => Promise.reject(new Unavailable('away')));
    recorder.record([record('a')], source, () => {});
    expect(recorder.problem()).toBeNull();
    await eventually(() => expect(recorder.problem()).toBe("outcomes can't be recorded: away"));
    recorder.close();
  });

  test('a record that fits nowhere takes no other with it; what it follows from is marked before it counts as dealt with', async () => {
    const taken: NewRecord[] = [];
    let away = true;
    const { recorder, durable, rejected } = scene((records) => {
      if (records.some(({ key }) => key === 'huge')) return Promise.reject(new TooLarge('too large'));
      if (away && records[0]?.topic === TOPIC.rejected) return Promise.reject(new Unavailable('away'));
      taken.push(...records);
      return Promise.resolve();
    });
    for (const key of ['a', 'huge', 'b'])
      recorder.record([record(key)], source, (all) => durable.push(`${key} ${all}`));
    await eventually(() => expect(taken.map(({ key }) => key)).toEqual(['a', 'a']));
    expect([durable, await rejected()]).toEqual([[], 0]);
    away = false;
    taken.length = 0;
    await eventually(() => expect(durable).toEqual(['a true', 'huge false', 'b true']));
    expect(taken.map(({ topic, key }) => key ?? topic)).toEqual(['a', TOPIC.rejected, 'b']);
    const { value, headers = {} } = taken[1] as NewRecord;
    const marker = { ...source, topic: TOPIC.rejected, key: null, value, headers, timestampMs: 0 };
    expect(decodeRejected(marker)).toEqual({
      kind: 'omitted',
      ...source,
      consumer: 'hookline.dispatcher',
      reason: 'what follows from it is too large for t: too large',
      sizeBytes: null,
    });
    expect(await rejected()).toBe(1);
  });
});

function scene(append: (records: readonly NewRecord[]) => Promise<void>) {
  const metrics = createDispatcherMetrics(createMetrics('dispatcher'));
  const recorder = createRecorder({
    log,
    metrics,
    eventLog: {
      async append(records) {
        await append(records);
        return [];
      },
    },
  });
  const rejected = async () => (await metrics.rejected.get()).values.reduce((sum, { value }) => sum + value, 0);
  return { recorder, durable: [] as string[], rejected };
}
