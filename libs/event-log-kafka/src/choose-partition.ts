import { murmur2 } from './murmur2.ts';

/** A batch has a price of its own, for who packs it, the broker and each who unpacks it. */
const STAY_RECORDS = 250;
const STAY_BYTES = 256 * 1024;

export interface PartitionChooser {
  ofKey(key: string, partitions: number): number;
  /** The records of one send go together to few partitions (a batch each); the next send goes to the next one. */
  spread(topic: string, partitions: number, sizeBytes: number, sends: number): number;
}

export function createPartitionChooser(random: () => number = Math.random): PartitionChooser {
  const stays = new Map<string, { partition: number; records: number; bytes: number; sends: number }>();

  return {
    ofKey: (key, partitions) => (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions,
    spread(topic, partitions, sizeBytes, sends) {
      let stay = stays.get(topic);
      if (stay === undefined) {
        stay = { partition: Math.floor(random() * partitions), records: 0, bytes: 0, sends };
        stays.set(topic, stay);
      }
      if (stay.sends !== sends || stay.records >= STAY_RECORDS || stay.bytes >= STAY_BYTES) {
        stay.partition++;
        stay.records = 0;
        stay.bytes = 0;
        stay.sends = sends;
      }
      stay.records++;
      stay.bytes += sizeBytes;
      return stay.partition % partitions;
    },
  };
}
