import { setTimeout as delay } from 'node:timers/promises';
import { bytesOf, takeRequest, type Waiting } from './waiting-record.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** Each has a connection of its own while it sends. */
const MOST_SENDS = 8;

export interface PartitionLanesOptions {
  /** Sends records of one partition; gives back what has to be sent again. Called for several partitions at once. */
  send: (records: Waiting[]) => Promise<Waiting[]>;
  /** Takes what still waits for a partition that could be written. */
  recovered: (records: Waiting[]) => void;
}

export interface PartitionLanes {
  has(name: string): boolean;
  /** Adds records of one partition behind those that its lane has; opens the lane when there is none. */
  put(name: string, records: Waiting[], firstTry?: 'at once' | 'after a pause'): void;
  /** How much waits in all lanes together, those that are being sent left out. */
  waiting(): { records: number; bytes: number };
  /** No send begins after it. */
  close(): void;
}

interface Lane {
  records: Waiting[];
  bytes: number;
  pauseMs: number;
  nextTryAtMs: number;
  running: boolean;
}

/**
 * A lane for each partition that was part of a failed send. There it is sent by itself until that succeeds, so that a partition that
 * can't be written delays no other. A lane without records stays: the partition is still in doubt, and its next record is better tried apart.
 */
export function createPartitionLanes({ send, recovered }: PartitionLanesOptions): PartitionLanes {
  const lanes = new Map<string, Lane>();
  const closing = new AbortController();
  const queued: (() => void)[] = [];
  let sending = 0;
  let totalRecords = 0;
  let totalBytes = 0;

  function put(name: string, records: Waiting[], firstTry: 'at once' | 'after a pause' = 'at once'): void {
    let lane = lanes.get(name);
    if (lane === undefined) {
      const nextTryAtMs = firstTry === 'at once' ? 0 : Date.now() + FIRST_PAUSE_MS;
      lane = { records: [], bytes: 0, pauseMs: FIRST_PAUSE_MS, nextTryAtMs, running: false };
      lanes.set(name, lane);
    }
    hold(lane, lane.records.concat(records));
    if (!lane.running) void run(name, lane);
  }

  function hold(lane: Lane, records: Waiting[]): void {
    const bytes = bytesOf(records);
    totalRecords += records.length - lane.records.length;
    totalBytes += bytes - lane.bytes;
    lane.records = records;
    lane.bytes = bytes;
  }

  async function run(name: string, lane: Lane): Promise<void> {
    lane.running = true;
    while (await turn(lane)) {
      const { taken, rest } = takeRequest(lane.records.filter(({ call }) => !call.settled));
      hold(lane, rest);
      const failed = taken.length === 0 ? undefined : await send(taken);
      leave();
      if (failed === undefined) break;
      if (failed.length === 0) return recover(name, lane);
      hold(lane, failed.concat(lane.records));
      lane.nextTryAtMs = Date.now() + lane.pauseMs;
      lane.pauseMs = Math.min(lane.pauseMs * 2, LONGEST_PAUSE_MS);
    }
    lane.running = false;
  }

  function recover(name: string, lane: Lane): void {
    const { records } = lane;
    hold(lane, []);
    lanes.delete(name);
    recovered(records);
  }

  /** Waits for the lane's next try and for one of the few places; false when closed. */
  async function turn(lane: Lane): Promise<boolean> {
    const pauseMs = lane.nextTryAtMs - Date.now();
    if (pauseMs > 0) await delay(pauseMs, undefined, { signal: closing.signal }).catch(() => {});
    if (closing.signal.aborted) return false;
    if (sending >= MOST_SENDS) await new Promise<void>((resolve) => queued.push(resolve));
    else sending++;
    if (!closing.signal.aborted) return true;
    leave();
    return false;
  }

  /** The place goes to the one that has waited longest. */
  function leave(): void {
    const next = queued.shift();
    if (next === undefined) sending--;
    else next();
  }

  return {
    has: (name) => lanes.has(name),
    put,
    waiting: () => ({ records: totalRecords, bytes: totalBytes }),
    close: () => closing.abort(),
  };
}
