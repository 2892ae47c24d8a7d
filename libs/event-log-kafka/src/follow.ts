import type { Following, FollowOptions } from '@hookline/event-log';
import { randomUUID } from 'node:crypto';
import { startConsumption, type ConsumptionDeps } from './consumption.ts';

export interface FollowDeps extends Omit<ConsumptionDeps, 'readStarts'> {
  clientId: string;
  readEarliest: (topic: string) => Promise<number[]>;
  deleteGroup: (group: string) => Promise<void>;
}

/** A group of one member and a random name that never commits. */
export async function startFollowing(
  deps: FollowDeps,
  { topic, from = [], received, onFailure }: FollowOptions,
): Promise<Following> {
  const group = `${deps.clientId}.follow.${topic}.${randomUUID()}`;
  const earliest = await deps.readEarliest(topic);
  const position = earliest.map((offset, partition) => Math.max(offset, from[partition] ?? 0));
  const readStarts = async () => ({ committed: [], earliest: await deps.readEarliest(topic) });
  let closing: Promise<void> | undefined;

  const consumption = await startConsumption(
    { ...deps, readStarts },
    {
      group,
      topics: [topic],
      commits: false,
      onFailure,
      handler: {
        // After a crash of the client it goes on from where it was.
        assigned: async ({ partition }) => position[partition],
        async received({ partition, records, signal }) {
          await received(records);
          const last = records.at(-1);
          if (last !== undefined && !signal.aborted) position[partition] = last.offset + 1;
        },
      },
    },
  );

  return {
    position: () => [...position],
    close() {
      closing ??= consumption.close().then(() => deps.deleteGroup(group));
      return closing;
    },
  };
}
