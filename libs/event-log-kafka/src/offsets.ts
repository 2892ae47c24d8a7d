import { Unavailable } from '@hookline/domain';
import type { Kafka } from 'kafkajs';
import { createCluster } from './cluster.ts';
import { keepTrying } from './keep-trying.ts';
import { createUses } from './uses.ts';

const DEADLINE_MS = 15_000;

export type Where = { end: true } | { earliest: true } | { timeMs: number };

export interface Offsets {
  /** Of each partition: the end, the earliest retained, or the first at or after a time (its end where there is none). */
  read(topic: string, where: Where): Promise<number[]>;
  close(): Promise<void>;
}

/** One request to each leader; the leaders are looked up again only when one turns out to be another. */
export function createOffsets(kafka: Kafka): Offsets {
  const cluster = createCluster(kafka);
  const uses = createUses(() => cluster.disconnect());
  let closed = false;

  async function list(topic: string, where: Where): Promise<number[]> {
    await cluster.connect();
    await cluster.addTargetTopic(topic);
    await cluster.refreshMetadataIfNecessary();
    const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId }));
    const question = 'timeMs' in where ? { fromTimestamp: where.timeMs } : { fromBeginning: 'earliest' in where };
    const answers = await cluster.fetchTopicsOffset([{ topic, partitions, ...question }]);
    const offsets: number[] = [];
    for (const { partition, offset } of answers[0]?.partitions ?? []) offsets[partition] = Number(offset);
    if (partitions.length === 0 || partitions.some(({ partition }) => offsets[partition] === undefined)) {
      throw new Error(`not every partition of ${topic} answered`);
    }
    return offsets;
  }

  function read(topic: string, where: Where): Promise<number[]> {
    let again = false;
    return keepTrying(`asking for offsets of ${topic}`, DEADLINE_MS, async () => {
      if (closed) throw new Unavailable('the event log is closed');
      const refresh = again;
      again = true;
      return uses.run(async () => {
        if (refresh) await cluster.refreshMetadata().catch(() => {});
        return list(topic, where);
      });
    });
  }

  return {
    async read(topic, where) {
      const offsets = await read(topic, where);
      if (!('timeMs' in where) || offsets.every((offset) => offset >= 0)) return offsets;
      const ends = await read(topic, { end: true });
      return offsets.map((offset, partition) => (offset >= 0 ? offset : ends[partition]!));
    },
    async close() {
      closed = true;
      await uses.end();
    },
  };
}
