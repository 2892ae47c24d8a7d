import { describe, expect, test } from '@jest/globals';
import type { Backlog, EventLog, LogRecord, RecordBatch } from './event-log.ts';
import { meterEventLog } from './meter.ts';

const record = (topic: string) => ({ topic, value: null });
const records = [{} as LogRecord, {} as LogRecord];
const backlog: Backlog[] = [{ topic: 'c', partition: 0, records: 2, oldestAtMs: 7 }];

/** An event log that hands two records to each handler as soon as it can, and appends when it is told to. */
function scene() {
  const gate = Promise.withResolvers<[]>();
  const log: Partial<EventLog> = {
    append: () => gate.promise,
    async consume({ handler }) {
      await handler.received({ topic: 'c', records } as RecordBatch);
      return { backlog: () => backlog, close: async () => undefined } as Awaited<ReturnType<EventLog['consume']>>;
    },
    async follow({ received }) {
      await received(records);
      return { position: () => [], close: async () => undefined };
    },
  };
  return { gate, ...meterEventLog(log as EventLog) };
}

const onFailure = () => undefined;
const received = async () => undefined;

describe('a metered event log', () => {
  test('counts records once they are acknowledged, and until then as under way', async () => {
    const { eventLog, meter, gate } = scene();
    const appending = eventLog.append([record('a'), record('b'), record('a')]);
    expect(meter.appending()).toBe(3);
    expect([...meter.appended()]).toEqual([]);
    gate.resolve([]);
    await appending;
    expect(meter.appending()).toBe(0);
    expect([...meter.appended()]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  test('counts nothing of what failed', async () => {
    const { eventLog, meter, gate } = scene();
    gate.reject(new Error('no'));
    await expect(eventLog.append([record('a')])).rejects.toThrow('no');
    expect([meter.appending(), meter.appended().size]).toEqual([0, 0]);
  });

  test('counts what handlers and followers get, and knows the backlog of what is open', async () => {
    const { eventLog, meter } = scene();
    const consumption = await eventLog.consume({ group: 'g', topics: ['c'], handler: { received }, onFailure });
    await eventLog.follow({ topic: 'f', received, onFailure });
    expect([...meter.received()]).toEqual([
      ['c', 2],
      ['f', 2],
    ]);
    expect(meter.backlog()).toEqual(backlog);
    await consumption.close();
    expect(meter.backlog()).toEqual([]);
  });
});
