import { describe, expect, test } from '@jest/globals';
import { TooLarge, Unavailable } from '@hookline/domain';
import type { NewRecord } from '@hookline/event-log';
import { createLog } from '@hookline/service-kit';
import { eventually } from '@hookline/testkit';
import { createRecorder } from './record.ts';

const log = createLog('test', 'silent');
const record = (key: string): NewRecord => ({ topic: 't', key, value: null });

describe('recorder', () => {
  test('what is recorded in one moment goes into one call, in order', async () => {
    const calls: string[][] = [];
    const { recorder, durable } = scene(async (records) => void calls.push(records.map(({ key }) => key as string)));
    for (const key of ['a', 'b', 'c']) recorder.record([record(key), record(`${key}2`)], () => durable.push(key));
    await eventually(() => expect(durable).toEqual(['a', 'b', 'c']));
    expect(calls).toEqual([['a', 'a2', 'b', 'b2', 'c', 'c2']]);
  });

  test('is tried again until the log is back; nothing counts as durable before', async () => {
    let away = true;
    const { recorder, durable } = scene(() => (away ? Promise.reject(new Unavailable('away')) : Promise.resolve()));
    recorder.record([record('a')], () => durable.push('a'));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(durable).toEqual([]);
    away = false;
    await eventually(() => expect(durable).toEqual(['a']));
    expect(recorder.problem()).toBeNull();
  });

  test('a log that has not taken anything for seconds is a problem', async () => {
    const { recorder } = scene(() => Promise.reject(new Unavailable('away')));
    recorder.record([record('a')], () => {});
    expect(recorder.problem()).toBeNull();
    await eventually(() => expect(recorder.problem()).toBe("outcomes can't be recorded: away"));
    recorder.close();
  });

  test('a record that fits nowhere takes no other with it', async () => {
    const taken: string[] = [];
    const { recorder, durable } = scene((records) => {
      if (records.some(({ key }) => key === 'huge')) return Promise.reject(new TooLarge('too large'));
      taken.push(...records.map(({ key }) => key as string));
      return Promise.resolve();
    });
    for (const key of ['a', 'huge', 'b']) recorder.record([record(key)], () => durable.push(key));
    await eventually(() => expect(durable).toEqual(['a', 'huge', 'b']));
    expect(taken).toEqual(['a', 'b']);
  });
});

function scene(append: (records: readonly NewRecord[]) => Promise<void>) {
  const recorder = createRecorder({
    log,
    eventLog: {
      async append(records) {
        await append(records);
        return [];
      },
    },
  });
  return { recorder, durable: [] as string[] };
}
