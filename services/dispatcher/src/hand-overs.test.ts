import { decodeRejected, TOPIC } from '@hookline/contracts';
import { TooLarge, Unavailable } from '@hookline/domain';
import type { EventLog, NewRecord } from '@hookline/event-log';
import { createLog, createMetrics } from '@hookline/service-kit';
import { eventually } from '@hookline/testkit';
import { describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHandOvers } from './hand-overs.ts';
import { createDispatcherMetrics } from './metrics.ts';

const record = (n: number, sizeBytes = 1): NewRecord => ({
  topic: 't',
  key: String(n),
  value: Buffer.alloc(sizeBytes),
});
const source = () => ({ topic: TOPIC.events, partition: 3, offset: 17 });
const wanted = () => false;

function create(append: EventLog['append']) {
  const metrics = createDispatcherMetrics(createMetrics('dispatcher'));
  return { handOvers: createHandOvers({ log: createLog('test', 'silent'), metrics, eventLog: { append } }), metrics };
}

function scene() {
  const calls: { keys: string[]; settle: (error?: Error) => void }[] = [];
  const { handOvers } = create(
    (records) =>
      new Promise((resolve, reject) => {
        const settle = (error?: Error) => (error === undefined ? resolve([]) : reject(error));
        calls.push({ keys: records.map(({ key }) => key as string), settle });
      }),
  );
  return { handOvers, calls };
}

describe('hand-overs', () => {
  test('what comes while an append is under way goes with the next, in the order of the calls', async () => {
    const { handOvers, calls } = scene();
    const durable: number[] = [];
    for (const n of [1, 2]) handOvers.append([record(n)], source, wanted, () => durable.push(n));
    await sleep(5);
    for (const n of [3, 4]) handOvers.append([record(n)], source, wanted, () => durable.push(n));
    await sleep(5);
    expect(calls.map(({ keys }) => keys)).toEqual([['1', '2']]);
    calls[0]?.settle();
    await sleep(5);
    expect(durable).toEqual([1, 2]);
    expect(calls.map(({ keys }) => keys)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    calls[1]?.settle();
    await sleep(5);
    expect(durable).toEqual([1, 2, 3, 4]);
  });

  test('what failed is tried again before anything that came later; what is not wanted any more is left out', async () => {
    const { handOvers, calls } = scene();
    const durable: number[] = [];
    let isLost = false;
    handOvers.append([record(1)], source, wanted, () => durable.push(1));
    handOvers.append(
      [record(2)],
      source,
      () => isLost,
      () => durable.push(2),
    );
    await sleep(5);
    handOvers.append([record(3)], source, wanted, () => durable.push(3));
    isLost = true;
    calls[0]?.settle(new Error('on purpose'));
    await sleep(300);
    expect(calls.map(({ keys }) => keys)).toEqual([['1', '2'], ['1']]);
    calls[1]?.settle();
    await sleep(5);
    calls[2]?.settle();
    await sleep(5);
    expect(durable).toEqual([1, 3]);
  });

  test('one that is too large is marked in its place, takes no other with it and holds up nothing', async () => {
    const taken: NewRecord[] = [];
    let away = true;
    const { handOvers, metrics } = create((records) => {
      if (records.some(({ value }) => (value?.length ?? 0) > 9)) return Promise.reject(new TooLarge('too large'));
      if (away && records[0]?.topic === TOPIC.rejected) return Promise.reject(new Unavailable('away'));
      taken.push(...records);
      return Promise.resolve([]);
    });
    const durable: [number, number[]][] = [];
    handOvers.append([record(1)], source, wanted, (refused) => durable.push([1, [...refused]]));
    const sourceOf = (index: number) => ({ ...source(), offset: 17 + index });
    handOvers.append([record(2), record(3, 10)], sourceOf, wanted, (refused) => durable.push([2, [...refused]]));
    await eventually(() => expect(taken.length).toBeGreaterThanOrEqual(4));
    expect(durable).toEqual([]);
    away = false;
    taken.length = 0;
    handOvers.append([record(4)], source, wanted, (refused) => durable.push([4, [...refused]]));
    await eventually(() => expect(durable).toEqual([[1, []], [2, [1]], [4, []]])); // prettier-ignore
    expect(taken.map(({ topic, key }) => key ?? topic)).toEqual(['1', '2', TOPIC.rejected, '4']);
    const { value, headers = {} } = taken[2] as NewRecord;
    const marker = { ...source(), topic: TOPIC.rejected, key: null, value, headers, timestampMs: 0 };
    expect(decodeRejected(marker)).toMatchObject({
      kind: 'omitted',
      ...source(),
      offset: 18,
      reason: 'what follows from it is too large for t: too large',
    });
    expect((await metrics.rejected.get()).values.find(({ labels }) => labels.topic === TOPIC.events)?.value).toBe(1);
  });

  test('it is full with 10,000 records or 64 MiB that wait', async () => {
    const many = scene();
    many.handOvers.append(
      Array.from({ length: 9_999 }, (_, n) => record(n)),
      source,
      wanted,
      () => undefined,
    );
    expect(many.handOvers.full()).toBe(false);
    many.handOvers.append([record(0)], source, wanted, () => undefined);
    expect(many.handOvers.full()).toBe(true);
    const large = scene();
    large.handOvers.append([record(1, 64 * 1024 * 1024)], source, wanted, () => undefined);
    expect(large.handOvers.full()).toBe(true);
    await sleep(5);
    large.calls[0]?.settle();
    await sleep(5);
    expect(large.handOvers.full()).toBe(false);
  });

  test('it is drained when nothing waits any more, or when the time is over', async () => {
    const { handOvers, calls } = scene();
    await handOvers.drain(Date.now() + 1_000);
    handOvers.append([record(1)], source, wanted, () => undefined);
    const startedAtMs = Date.now();
    await handOvers.drain(startedAtMs + 50);
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(45);
    setTimeout(() => calls[0]?.settle(), 20);
    await handOvers.drain(Date.now() + 5_000);
    expect(Date.now() - startedAtMs).toBeLessThan(2_000);
  });

  test('closed, nothing is begun any more', async () => {
    const { handOvers, calls } = scene();
    handOvers.append([record(1)], source, wanted, () => undefined);
    handOvers.close();
    await sleep(5);
    expect(calls).toEqual([]);
  });
});
