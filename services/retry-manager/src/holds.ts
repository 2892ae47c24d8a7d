import type { RetrySchedule } from '@hookline/retry-schedule';
import type { PartitionIndex } from './partition-index.ts';
import type { Pauses } from './pauses.ts';

/** Sees to it that a partition's index holds what waits for paused webhooks, and nothing else. */
export interface Holds {
  /** Resolves with whether it does, at the time of the call. */
  settle(): Promise<boolean>;
}

interface HoldsOptions {
  partition: number;
  index: PartitionIndex;
  schedule: RetrySchedule;
  pauses: Pick<Pauses, 'paused' | 'version'>;
}

/** One call names at most so many webhooks. */
const STEP = 1_000;

export function createHolds({ partition, index, schedule, pauses }: HoldsOptions): Holds {
  let heldFor = { generation: -1, version: -1 };

  /** Whether all calls went through to the index that they were meant for. */
  async function call(change: 'hold' | 'release', webhookIds: string[]): Promise<boolean> {
    for (let from = 0; from < webhookIds.length; from += STEP) {
      const step = webhookIds.slice(from, from + STEP);
      if ((await index.at((cursor) => schedule[change](partition, cursor, step))) === null) return false;
    }
    return true;
  }

  return {
    async settle() {
      const now = { generation: index.generation(), version: pauses.version() };
      if (now.generation === heldFor.generation && now.version === heldFor.version) return true;
      const held = await index.at((cursor) => schedule.holds(partition, cursor));
      if (held === null) return false;
      const paused = pauses.paused();
      const known = new Set(held);
      const missing = [...paused].filter((webhookId) => !known.has(webhookId));
      const over = held.filter((webhookId) => !paused.has(webhookId));
      if (!(await call('hold', missing)) || !(await call('release', over))) return false;
      heldFor = now;
      return index.generation() === now.generation;
    },
  };
}
