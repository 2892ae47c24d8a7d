import { Unavailable } from '@hookline/domain';
import { digestOf, type DrainSlots, type SlotReservation } from '@hookline/limits';
import { createOldestFirst } from './oldest-first.ts';

/** About 50 MB. A queue in use is never forgotten, since its places would be given away twice. */
const MAX_QUEUES = 250_000;
/** Looked at per call; more than one, so that they go faster than they come. */
const SWEPT_PER_RESERVATION = 2;

interface Queue {
  nextAtMs: number;
}

export function createMemorySlots({ maxQueues = MAX_QUEUES } = {}): DrainSlots {
  const queues = createOldestFirst<Queue>();

  function sweep(nowMs: number): void {
    for (let swept = 0; swept < SWEPT_PER_RESERVATION; swept++) {
      const oldest = queues.oldest();
      if (oldest === undefined) return;
      const [id, { nextAtMs }] = oldest;
      queues.delete(id);
      // It is looked at again when its turn comes.
      if (nextAtMs > nowMs) queues.add(id, { nextAtMs });
    }
  }

  function reserveOne({ key, count, intervalMs, fromMs = 0 }: SlotReservation, nowMs: number): number {
    sweep(nowMs);
    const id = digestOf(key).toString('latin1');
    const queue = queues.get(id);
    const atMs = Math.max(nowMs, fromMs, queue?.nextAtMs ?? 0);
    if (count === 0) return atMs;
    if (queue === undefined && queues.size >= maxQueues) {
      throw new Unavailable('more queues have places reserved than this process keeps');
    }
    queues.add(id, { nextAtMs: atMs + count * intervalMs });
    return atMs;
  }

  return {
    reserve: async (reservations, nowMs) => reservations.map((reservation) => reserveOne(reservation, nowMs)),
  };
}
