import type { Event } from '@hookline/domain';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeJob, closeSuperseded, createOrderedJob, type DeliveryJob, type RecordProgress } from './job.ts';
import { createSequence } from './sequence.ts';
import { createSequences, type PlacedJob } from './sequences.ts';

const EVENT: Event = {
  tenant: 'acme',
  id: 'evt',
  type: 'order.created',
  source: '/shop',
  time: '2026-11-22T10:00:00Z',
  data: Buffer.from('{}'),
  contentType: 'application/json',
  acceptedAtMs: 0,
};

interface Placing {
  key?: string;
  place?: number;
  attempt?: number;
  dueAtMs?: number;
  webhookId?: string;
  partition?: number;
  isPaused?: boolean;
}

/** A log of one topic, of which the tests read records to the sequences as they like. */
function scene({ started = true } = {}) {
  const sent: string[] = [];
  const done: number[] = [];
  const refused: string[] = [];
  const marks: { partition: number; mark: string }[] = [];
  const moves: { copies: string[]; durable: (...refused: number[]) => void }[] = [];
  const next = new Map<string, number>();
  const inEngine = new Map<string, DeliveryJob>();
  const gone = new Set<number>();
  const over = new Set<string>();
  const paused = new Set<string>();
  const ended: string[] = [];
  let repeated = 0;
  let offset = 0;
  const sequences = createSequences({
    submit(job) {
      sent.push(`${job.deliveryId}#${job.attempt}`);
      inEngine.set(job.deliveryId, job);
    },
    nextAttempt: (id) => next.get(id),
    copyOf: (job) => ({ topic: 't', key: job.deliveryId, value: null }),
    refuse(job) {
      refused.push(job.deliveryId);
      closeJob(job);
    },
    isPaused: (webhookId) => paused.has(webhookId),
    over(job) {
      if (!over.has(job.deliveryId)) return null;
      return () => {
        ended.push(job.deliveryId);
        closeJob(job);
      };
    },
    repeated: () => repeated++,
    handOvers: {
      append(records, _sourceOf, _lost, durable) {
        const [{ key, headers, partition = 0 } = {}] = records;
        if (headers?.['hl_kind'] === 'mark') {
          marks.push({ partition, mark: key as string });
          if (started) setImmediate(() => sequences.marked(partition, key as string));
        } else {
          const copies = records.map((record) => record.key as string);
          moves.push({ copies, durable: (...those) => durable(new Set(those)) });
        }
      },
    },
    clock: { now: () => Date.now() },
  });

  function jobOf(delivery: string, placing: Placing = {}, at = offset): PlacedJob {
    const { key = 'k', attempt = 1, dueAtMs = 0, webhookId = 'wh', partition = 0, isPaused = false } = placing;
    const progress: RecordProgress = {
      batch: { done: (which) => void done.push(which) },
      position: { topic: 't', partition, offset: at },
      lost: () => gone.has(partition),
      open: 1,
    };
    const retry = {
      deliveryId: delivery,
      webhookId,
      event: EVENT,
      attempt,
      dueAtMs,
      firstAttemptAtMs: 0,
      deferred: false,
    };
    const ordered = { retry, orderKey: key, place: placing.place ?? at, paused: isPaused };
    return createOrderedJob(ordered, progress, Date.now());
  }

  function read(delivery: string, placing?: Placing): number {
    const at = offset++;
    sequences.add(jobOf(delivery, placing, at));
    sequences.read(placing?.partition ?? 0, at, 1_000);
    return at;
  }

  async function end(delivery: string, nextAttempt = Infinity, close = closeJob): Promise<void> {
    next.set(delivery, nextAttempt);
    const job = inEngine.get(delivery)!;
    inEngine.delete(delivery);
    close(job);
    await Promise.resolve();
  }

  return {
    sequences,
    jobOf,
    read,
    end,
    sent,
    done,
    refused,
    over,
    paused,
    ended,
    marks,
    moves,
    repeats: () => repeated,
    skip: (records: number) => void (offset += records),
    lose: (partition: number) => {
      gone.add(partition);
      sequences.lost(partition);
      gone.delete(partition);
    },
  };
}

const soon = () => sleep(5);
const HOUR_MS = 3_600_000;

afterEach(() => {
  jest.useRealTimers();
});

describe('sequences', () => {
  test('one of a key at a time, in the order of their places; other keys and other webhooks go on', async () => {
    const { read, end, sent, done } = scene();
    for (const delivery of ['a1', 'a2', 'a3']) read(delivery, { key: 'a' });
    read('b1', { key: 'b' });
    read('c1', { key: 'a', webhookId: 'other' });
    await soon();
    expect(sent).toEqual(['a1#1', 'b1#1', 'c1#1']);
    await end('a1');
    expect(sent.at(-1)).toBe('a2#1');
    await end('b1');
    await end('a2');
    await end('a3');
    expect(sent).toEqual(['a1#1', 'b1#1', 'c1#1', 'a2#1', 'a3#1']);
    expect(done).toEqual([0, 3, 1, 2]);
  });

  test('one that goes on keeps its place: nothing starts before its new record has come, and that is due', async () => {
    const { read, end, sent, done } = scene();
    read('a1');
    read('a2');
    await soon();
    await end('a1', 2);
    read('a3');
    await soon();
    expect([sent, done]).toEqual([['a1#1'], [0]]);
    read('a1', { place: 0, attempt: 2, dueAtMs: Date.now() + 60 });
    await soon();
    expect(sent).toEqual(['a1#1']);
    await sleep(100);
    expect(sent).toEqual(['a1#1', 'a1#2']);
    await end('a1');
    expect(sent.at(-1)).toBe('a2#1');
    expect(done).toEqual([0, 3]);
  });

  test('its new record may be read before it is known here that it was written', async () => {
    const { read, end, sent, done } = scene();
    read('a1');
    read('a2');
    await soon();
    read('a1', { place: 0, attempt: 2 });
    expect(sent).toEqual(['a1#1']);
    await end('a1', 2);
    expect(sent).toEqual(['a1#1', 'a1#2']);
    // Left behind by a former owner of the partition: it counts for nothing once the delivery has ended.
    read('a1', { place: 0, attempt: 2 });
    await end('a1');
    expect(sent).toEqual(['a1#1', 'a1#2', 'a2#1']);
    expect(done).toEqual([0, 2, 3]);
  });

  test('one whose attempt somebody made by hand, in vain, leaves its place to the next: its retries come from elsewhere', async () => {
    const { sequences, read, end, sent, done } = scene();
    read('a1', { attempt: 2 });
    read('a2');
    await soon();
    await end('a1', 3, closeSuperseded);
    expect(sent).toEqual(['a1#2', 'a2#1']);
    await end('a2');
    expect([done, sequences.waiting()]).toEqual([[0, 1], 0]);
  });

  test('nothing starts before the mark has come back: what was read until then is sorted, and of one place the last counts', async () => {
    const { sequences, read, marks, sent, done } = scene({ started: false });
    read('a4', { place: 4 });
    read('a2', { place: 2 });
    read('a1', { place: 1 });
    read('a1', { place: 1, attempt: 3 });
    read('a3', { place: 3 });
    await soon();
    expect([sent, marks.length]).toEqual([[], 1]);
    sequences.marked(0, 'somebody else’s');
    expect(sent).toEqual([]);
    sequences.marked(0, marks[0]!.mark);
    expect([sent, done]).toEqual([['a1#3'], [2]]);
    expect(sequences.waiting()).toBe(4);
  });

  test('a delivery that is there already, under another place, is dropped', async () => {
    const { read, end, sent, done, repeats } = scene();
    read('a1');
    read('a2');
    await soon();
    const again = [read('a1'), read('a2')];
    await end('a1', 2);
    again.push(read('a1'));
    expect([repeats(), done]).toEqual([3, [...again.slice(0, 2), 0, again[2]]]);
    expect(sent).toEqual(['a1#1']);
  });

  test('a partition that is lost leaves nothing, and another mark is awaited when it comes again', async () => {
    const { sequences, read, end, sent, lose, marks, done } = scene();
    read('a1');
    read('a2');
    read('b1', { partition: 1 });
    await soon();
    lose(0);
    expect(sequences.waiting()).toBe(1);
    await end('a1');
    expect(sent).toEqual(['a1#1', 'b1#1']);
    expect(done).toEqual([0]);
    read('a2', { place: 1 });
    expect(sent).toHaveLength(2);
    await soon();
    expect(sent.at(-1)).toBe('a2#1');
    expect(marks.map(({ partition }) => partition)).toEqual([0, 1, 0]);
  });

  test('closed, nothing starts any more', async () => {
    const { sequences, read, end, sent } = scene();
    read('a1');
    read('a2');
    await soon();
    sequences.close();
    await end('a1');
    read('b1', { key: 'b' });
    expect(sent).toEqual(['a1#1']);
  });

  test('beyond 50,000 the webhook with the most loses its latest, and those of others stay', async () => {
    const { sequences, read, refused } = scene();
    read('few0', { webhookId: 'wh0' });
    await soon();
    for (let n = 1; n < 5_000; n++) read(`few${n}`, { webhookId: `wh${n % 50}` });
    for (let n = 0; n < 45_000; n++) read(`much${n}`, { webhookId: 'greedy' });
    expect(refused).toEqual([]);
    read('one', { webhookId: 'wh1' });
    read('more', { webhookId: 'greedy' });
    expect(refused).toEqual(['much44999', 'more']);
    expect(sequences.waiting()).toBe(50_000);
  });

  test('when it is full, a webhook that gets through with what it has is waited for, and one that stands still is not', async () => {
    const { sequences, read, end, sent, jobOf } = scene();
    for (let n = 0; n < 50_000; n++) read(`much${n}`);
    await soon();
    const stop = { aborted: false };
    const room = sequences.room(jobOf('next'), stop);
    expect(room).not.toBeNull();
    const startedAtMs = performance.now();
    const endSome = async () => {
      for (let n = 0; n < 50; n++) await end(sent.at(-1)!.split('#')[0]!);
    };
    const drain = setInterval(() => void endSome(), 5);
    await room;
    clearInterval(drain);
    expect(sequences.waiting()).toBeLessThan(50_000);
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);

    for (let n = 0; sequences.waiting() < 50_000; n++) read(`again${n}`);
    await sequences.room(jobOf('next'), stop);
    expect(sequences.waiting()).toBe(50_000);
    expect(sequences.room(jobOf('next'), stop)).toBeNull();
  });

  test('what waits far behind the latest record is appended again, and keeps its place meanwhile', async () => {
    const { sequences, read, end, sent, done, moves, skip } = scene();
    read('a1');
    read('a2');
    read('a3');
    await soon();
    skip(10_000);
    read('b1', { key: 'b' });
    expect(moves.map(({ copies }) => copies)).toEqual([['a2', 'a3']]);
    await end('a1');
    expect(sent).toEqual(['a1#1', 'b1#1']);
    moves[0]!.durable();
    expect(done).toEqual([0, 1, 2]);
    expect(sequences.waiting()).toBe(1);
    read('a2', { place: 1 });
    expect(sent.at(-1)).toBe('a2#1');
    await end('a2');
    expect(sent.at(-1)).toBe('a2#1');
    read('a3', { place: 2 });
    expect(sent.at(-1)).toBe('a3#1');
  });

  test('what could not be appended again, being too large, holds up nothing', async () => {
    const { sequences, read, end, sent, done, moves, skip } = scene();
    for (const delivery of ['a1', 'a2', 'a3', 'a4']) read(delivery);
    await soon();
    skip(10_000);
    read('b1', { key: 'b' });
    moves[0]!.durable(0, 2);
    expect(done).toEqual([1, 2, 3]);
    await end('a1');
    read('a3', { place: 2 });
    expect(sent).toEqual(['a1#1', 'b1#1', 'a3#1']);
    await end('a3');
    await end('b1');
    expect(sequences.waiting()).toBe(0);
    read('a5');
    expect(sent.at(-1)).toBe('a5#1');
  });

  test('nor does what was put back and is too large', () => {
    const { jobOf } = scene();
    const sent: string[] = [];
    const nothing = () => undefined;
    const sequence = createSequence({
      submit: ({ deliveryId }) => void sent.push(deliveryId),
      nextAttempt: nothing,
      isPaused: () => false,
      clock: { now: () => 0 },
      mayStart: () => true,
      left: nothing,
      over: nothing,
      ended: nothing,
    });
    sequence.putBack(1);
    sequence.put(jobOf('a2', { place: 2 }));
    sequence.start();
    expect(sent).toEqual([]);
    sequence.lose(1);
    expect(sent).toEqual(['a2']);
  });

  test('what waits behind many bytes is appended again, too, whatever they were', async () => {
    const { sequences, read, moves } = scene();
    read('a1');
    read('a2');
    await soon();
    sequences.read(0, 10, 32 * 1024 * 1024);
    expect(moves.map(({ copies }) => copies)).toEqual([['a2']]);
    sequences.read(0, 11, 32 * 1024 * 1024);
    expect(moves).toHaveLength(1);
  });

  test('a copy that is read before it is known to be written takes the place of its original', async () => {
    const { read, end, sent, done, moves, skip } = scene();
    read('a1');
    read('a2');
    await soon();
    skip(10_000);
    read('b1', { key: 'b' });
    const copy = read('a2', { place: 1 });
    moves[0]!.durable();
    await end('a1');
    await end('a2');
    expect(sent).toEqual(['a1#1', 'b1#1', 'a2#1']);
    expect(done).toEqual([1, 0, copy]);
  });

  test('what waits in a quiet partition is appended again after a day, well before the log forgets it', () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask'] });
    const { sequences, read, sent, done, moves } = scene();
    for (let n = 0; n < 1_002; n++) read(`a${n}`);
    jest.advanceTimersByTime(23 * HOUR_MS);
    read('b1', { key: 'b' });
    read('b2', { key: 'b' });
    expect([sent, moves]).toEqual([['a0#1', 'b1#1'], []]);
    jest.advanceTimersByTime(2 * HOUR_MS);
    for (const expected of [500, 500, 1]) {
      expect(moves.at(-1)!.copies).toHaveLength(expected);
      moves.at(-1)!.durable();
    }
    expect(moves.flatMap(({ copies }) => copies)).not.toContain('b2');
    expect([moves.length, done.length, sequences.waiting()]).toEqual([3, 1_001, 3]);
    sequences.close();
  });

  test('one that is over is ended without its turn’s having come, and those behind it move up', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask'] });
    const { sequences, read, end, sent, over, ended, done } = scene();
    for (const delivery of ['a1', 'a2', 'a3', 'a4']) read(delivery);
    jest.advanceTimersByTime(1);
    over.add('a1').add('a2').add('a4');
    jest.advanceTimersByTime(HOUR_MS);
    expect([sent, ended, done, sequences.waiting()]).toEqual([['a1#1'], ['a2', 'a4'], [1, 3], 2]);
    await end('a1');
    expect(sent).toEqual(['a1#1', 'a3#1']);
    sequences.close();
  });

  test('what waits because its webhook is paused goes on when that does, and nothing else', async () => {
    const { sequences, read, sent, paused } = scene();
    const dueAtMs = Date.now() + HOUR_MS;
    paused.add('wh');
    read('a1', { key: 'a', dueAtMs, isPaused: true });
    read('b1', { key: 'b', dueAtMs });
    read('c1', { key: 'c', dueAtMs, isPaused: true, webhookId: 'other' });
    await soon();
    expect(sent).toEqual(['c1#1']);
    paused.delete('wh');
    sequences.resumed('wh');
    expect(sent).toEqual(['c1#1', 'a1#1']);
    sequences.close();
  });

  test('nothing that was taken over is refused, however much it is: it comes round again, and keeps its place', async () => {
    const { sequences, read, end, sent, refused, marks, moves, done } = scene({ started: false });
    for (let n = 0; n < 50_000; n++) read(`much${n}`);
    // A first one that failed: it lies behind its followers, and is needed before them.
    read('head', { place: -1, attempt: 2 });
    read('other', { webhookId: 'few' });
    expect([refused, sequences.waiting()]).toEqual([[], 50_000]);
    expect(moves.map(({ copies }) => copies)).toEqual([['much49999'], ['much49998']]);
    sequences.marked(0, marks[0]!.mark);
    expect(sent).toEqual(['head#2', 'other#1']);
    for (const { durable } of moves.splice(0)) durable();
    expect(done).toEqual([49_999, 49_998]);
    // What comes new meanwhile waits for those that come again.
    await end('other');
    await end('head');
    for (let n = 0; n < 49_998; n++) await end(`much${n}`);
    read('new');
    expect(sent.at(-1)).toBe('much49997#1');
    read('much49999', { place: 49_999 });
    expect(sent.at(-1)).toBe('much49997#1');
    read('much49998', { place: 49_998 });
    for (const delivery of ['much49998', 'much49999', 'new']) {
      expect(sent.at(-1)).toBe(`${delivery}#1`);
      await end(delivery);
    }
    expect([refused, sequences.waiting()]).toEqual([[], 0]);
  });

  test('while there is no room it comes round slowly', async () => {
    const { sequences, read, jobOf, marks, moves, refused } = scene({ started: false });
    for (let n = 0; n < 50_001; n++) read(`much${n}`);
    sequences.marked(0, marks[0]!.mark);
    const stop = { aborted: false };
    const room = sequences.room(jobOf('much50000', { place: 50_000 }), stop);
    let waited = true;
    void room?.then(() => (waited = false));
    await sleep(1_000);
    expect(waited).toBe(true);
    stop.aborted = true;
    await room;
    read('much50000', { place: 50_000 });
    expect([refused, moves.map(({ copies }) => copies)]).toEqual([[], [['much50000'], ['much50000']]]);
  });

  test('to refuse one costs no more where there are many others', async () => {
    const { sequences, read, refused } = scene();
    read('one0', { webhookId: 'wh0' });
    await soon();
    for (let n = 1; n < 30_000; n++) read(`one${n}`, { webhookId: `wh${n}` });
    for (let n = 0; n < 20_000; n++) read(`much${n}`, { webhookId: 'greedy' });
    const startedAtMs = performance.now();
    for (let n = 0; n < 10_000; n++) read(`more${n}`, { webhookId: `more${n}` });
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    expect([refused.length, new Set(refused).size, sequences.waiting()]).toEqual([10_000, 10_000, 50_000]);
    sequences.close();
  });

  test('of an event that was handed over twice the first place counts, whichever is read first', async () => {
    const { sequences, read, sent, marks, done } = scene({ started: false });
    read('a2', { place: 2 });
    read('a1', { place: 3 });
    read('a1', { place: 1 });
    sequences.marked(0, marks[0]!.mark);
    expect([sent, done, sequences.waiting()]).toEqual([['a1#1'], [1], 2]);
    await soon();
  });
});
