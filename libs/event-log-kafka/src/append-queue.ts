import { Unavailable } from '@hookline/domain';
import type { Position } from '@hookline/event-log';
import { setTimeout as delay } from 'node:timers/promises';
import { partitionName } from './check-answer.ts';
import type { GuardedSend } from './guarded-send.ts';
import type { Log } from './log.ts';
import { createPartitionLanes } from './partition-lanes.ts';
import {
  bytesOf,
  groupByPartition,
  takeRequest,
  type Call,
  type PlacedRecord,
  type Waiting,
} from './waiting-record.ts';

const SWEEP_MS = 100;
/** A send for so many callers shows that more are coming: the next one waits for them this long. */
const BUSY_CALLS = 4;
const LINGER_MS = 2;
/** With so much there already there is nothing to be gained by waiting. */
const ENOUGH_RECORDS = 100;
/** Of the bounds, for the partitions that are sent apart; it comes on top, so that they can't fill what the others have. */
const SHARE_APART = 0.5;

export interface AppendQueueOptions {
  /** Called once at a time, for many partitions. */
  send: GuardedSend['send'];
  /** Called for one partition that was part of a failed send; for several of them at once. */
  sendApart: GuardedSend['send'];
  mostQueuedBytes: number;
  mostQueuedRecords: number;
  log: Log;
}

export interface AppendQueue {
  append(records: readonly PlacedRecord[], deadlineAtMs: number): Promise<Position[]>;
  /** How many sends have begun: it changes when what was gathered has gone. */
  sends(): number;
  /** Sends what waits, for at most so long; rejects the rest. */
  close(graceMs: number): Promise<void>;
}

/**
 * Gathers what is appended while a send is under way; what comes while none is goes at once, unless that many come that a moment's wait makes
 * fewer sends of them (each costs about as much as fifty records). One send at a time keeps the order.
 * The partitions of a failed send go each to a lane of their own, until they can be written: one that can't holds up no other.
 * What the failed send did append without an acknowledgement is in the log twice then; once for each failure, not each try.
 */
export function createAppendQueue(options: AppendQueueOptions): AppendQueue {
  const { log } = options;
  const calls = new Set<Call>();
  const drained = Promise.withResolvers<void>();
  const lanes = createPartitionLanes({
    send: (records) => sendSome(records, options.sendApart),
    recovered: enqueue,
  });
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let sends = 0;
  let running = false;
  let sweeper: NodeJS.Timeout | undefined;
  let closed = false;

  function append(placed: readonly PlacedRecord[], deadlineAtMs: number): Promise<Position[]> {
    if (closed) return Promise.reject(new Unavailable('the event log is closed'));
    const { promise, resolve, reject } = Promise.withResolvers<Position[]>();
    const call: Call = { positions: [], remaining: placed.length, deadlineAtMs, settled: false, resolve, reject };
    const together: Waiting[] = [];
    const apart: Waiting[] = [];
    for (let index = 0; index < placed.length; index++) {
      const record = placed[index]!;
      const name = partitionName(record.topic, record.partition);
      (lanes.has(name) ? apart : together).push({ ...record, name, call, index });
    }
    if (
      isFull(together, { records: waiting.length, bytes: waitingBytes }, 1) ||
      isFull(apart, lanes.waiting(), SHARE_APART)
    ) {
      return Promise.reject(new Unavailable('too much waits to be appended'));
    }
    calls.add(call);
    sweeper ??= setInterval(sweep, SWEEP_MS);
    enqueue(together);
    for (const { records } of groupByPartition(apart)) lanes.put(records[0]!.name, records);
    return promise;
  }

  /** A call beyond the bounds by itself is let in when nothing else waits. */
  function isFull(added: readonly Waiting[], held: { records: number; bytes: number }, share: number): boolean {
    if (added.length === 0 || held.records === 0) return false;
    return (
      held.bytes + bytesOf(added) > options.mostQueuedBytes * share ||
      held.records + added.length > options.mostQueuedRecords * share
    );
  }

  function enqueue(records: readonly Waiting[]): void {
    if (records.length === 0) return;
    for (const record of records) waiting.push(record);
    waitingBytes += bytesOf(records);
    if (!running) void run();
  }

  function settle(call: Call, error?: Error): void {
    if (call.settled) return;
    call.settled = true;
    calls.delete(call);
    if (error === undefined) call.resolve(call.positions);
    else call.reject(error);
    if (calls.size > 0) return;
    clearInterval(sweeper);
    sweeper = undefined;
    if (closed) drained.resolve();
  }

  function sweep(): void {
    const now = Date.now();
    for (const call of calls) {
      if (call.deadlineAtMs <= now) settle(call, new Unavailable('not appended by the deadline'));
    }
  }

  async function run(): Promise<void> {
    running = true;
    // What other callers append in this turn of the event loop goes along.
    await new Promise((resolve) => setImmediate(resolve));
    for (let calls = 0; ;) {
      if (calls >= BUSY_CALLS && waiting.length < ENOUGH_RECORDS) await delay(LINGER_MS);
      const { taken, rest, goneBytes } = takeRequest(waiting);
      waiting = rest;
      waitingBytes -= goneBytes;
      if (taken.length === 0) break;
      calls = countCalls(taken);
      const failed = await sendSome(taken, options.send);
      if (failed.length > 0) setApart(failed);
    }
    running = false;
  }

  /** Moves the partitions of a failed send to lanes, what waits for them behind what failed. */
  function setApart(failed: readonly Waiting[]): void {
    const names = new Set(failed.map(({ name }) => name));
    const behind = waiting.filter(({ name }) => names.has(name));
    waiting = waiting.filter(({ name }) => !names.has(name));
    waitingBytes -= bytesOf(behind);
    // Of several, most can be written: only the one that can't made the send fail.
    const firstTry = names.size > 1 ? 'at once' : 'after a pause';
    for (const { records } of groupByPartition([...failed, ...behind])) lanes.put(records[0]!.name, records, firstTry);
  }

  /** Gives back what has to be sent again. */
  async function sendSome(records: Waiting[], send: GuardedSend['send']): Promise<Waiting[]> {
    sends++;
    const groups = new Map(groupByPartition(records).map((group) => [group.batch, group.records]));
    try {
      await send([...groups.keys()], ({ batch, baseOffset }) => {
        acknowledge(groups.get(batch)!, baseOffset);
        groups.delete(batch);
      });
    } catch (error) {
      log.warn({ error: String(error), records: records.length, partitions: groups.size }, 'append.failed');
    }
    if (groups.size === 0) return [];
    const left = new Set([...groups.values()].flat());
    return records.filter((record) => left.has(record));
  }

  function acknowledge(records: Waiting[], baseOffset: number): void {
    for (let order = 0; order < records.length; order++) {
      const { call, index, topic, partition } = records[order]!;
      call.positions[index] = { topic, partition, offset: baseOffset + order };
      if (--call.remaining === 0) settle(call);
    }
  }

  return {
    append,
    sends: () => sends,
    async close(graceMs) {
      if (closed) return;
      closed = true;
      const deadline = new AbortController();
      const late = delay(graceMs, undefined, { signal: deadline.signal }).catch(() => {});
      if (calls.size > 0) await Promise.race([drained.promise, late]);
      deadline.abort();
      lanes.close();
      for (const call of calls) settle(call, new Unavailable('the event log was closed before it was appended'));
    },
  };
}

function countCalls(records: readonly Waiting[]): number {
  let count = 0;
  let last: Call | undefined;
  for (const { call } of records) {
    if (call !== last) count++;
    last = call;
  }
  return count;
}
