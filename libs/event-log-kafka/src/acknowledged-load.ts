import type { EventLog, Position } from '@hookline/event-log';
import { setTimeout as delay } from 'node:timers/promises';

/** Appends without pause and remembers what was acknowledged; for the tests that kill brokers. */
export interface AcknowledgedLoad {
  /** The value of each acknowledged record, by `partition/offset`. */
  acknowledged: Map<string, string>;
  refused(): number;
  stop(): Promise<void>;
}

/** @param recordsPerCall how many records each of the callers appends at once; they are spread over all partitions */
export function startLoad(
  log: EventLog,
  topic: string,
  partitions: number,
  recordsPerCall: readonly number[],
): AcknowledgedLoad {
  const acknowledged = new Map<string, string>();
  let refused = 0;
  const stop = new AbortController();

  async function run(caller: number, count: number): Promise<void> {
    for (let round = 0; !stop.signal.aborted; round++) {
      const records = Array.from({ length: count }, (_, index) => ({
        topic,
        partition: (round * count + index + caller) % partitions,
        value: Buffer.from(`${caller}.${round}.${index}`),
      }));
      const positions = await log.append(records, { deadlineMs: 30_000 }).catch(() => undefined);
      if (positions === undefined) refused += count;
      for (const [index, position] of positions?.entries() ?? []) {
        acknowledged.set(placeOf(position), String(records[index]!.value));
      }
      await delay(2);
    }
  }

  const callers = recordsPerCall.map((count, caller) => run(caller, count));
  return {
    acknowledged,
    refused: () => refused,
    async stop() {
      stop.abort();
      await Promise.all(callers);
    },
  };
}

export function placeOf({ partition, offset }: Position): string {
  return `${partition}/${offset}`;
}

/** Everything in the topic, by `partition/offset`. */
export async function readAll(log: EventLog, topic: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const ends = await log.endOffsets(topic);
  const following = await log.follow({
    topic,
    received: async (records) => {
      for (const record of records) found.set(placeOf(record), String(record.value));
    },
    onFailure: (error) => {
      throw error;
    },
  });
  while (following.position().some((offset, partition) => offset < ends[partition]!)) await delay(50);
  await following.close();
  return found;
}

/** What was acknowledged but isn't where the acknowledgement said. */
export function lost({ acknowledged }: AcknowledgedLoad, found: ReadonlyMap<string, string>): string[] {
  return [...acknowledged]
    .filter(([place, value]) => found.get(place) !== value)
    .map(([place, value]) => `${place}=${value}`);
}
