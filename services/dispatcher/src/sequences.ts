import { encodeMark } from '@hookline/contracts';
import type { Stop } from '@hookline/delivery';
import type { Clock } from '@hookline/domain';
import type { NewRecord } from '@hookline/event-log';
import { randomUUID } from 'node:crypto';
import type { HandOvers } from './hand-overs.ts';
import { closeJob, closeRecord, type DeliveryJob, type Place } from './job.ts';
import { createSequenceBacklog } from './sequence-backlog.ts';
import { createSequence, type Sequence } from './sequence.ts';

/** A job that has a place in a sequence. */
export type PlacedJob = DeliveryJob & { readonly order: Place };

/**
 * Deliveries in order: of each (webhook, key) one at a time goes to the engine, the others wait here. What waits is in the log and open there, so it comes again to
 * whoever gets the partition; and he starts nothing before he has read all that there was (docs/decisions/0023-order-in-the-log-of-deliveries.md).
 */
export interface Sequences {
  /** Takes a job over, until it is closed. Ask `room` before. */
  add(job: PlacedJob): void;
  /** null: go on. Otherwise wait, and then go on: there is no room, but those who have most of it are about to make some. */
  room(job: PlacedJob, stop: Stop): Promise<void> | null;
  /** So much of the partition has been read, up to this offset, sequences or not. */
  read(partition: number, latest: number, bytes: number): void;
  /** A mark has been read. */
  marked(partition: number, mark: string): void;
  /** The partition is somebody else's. */
  lost(partition: number): void;
  /** How many are in here, those being sent counted in. */
  waiting(): number;
  /** Starts nothing any more. */
  close(): void;
}

export interface SequencesDeps {
  submit: (job: DeliveryJob) => void;
  /** Of a delivery that was closed: the number of the attempt that comes back; Infinity or undefined where none does. */
  nextAttempt: (deliveryId: string) => number | undefined;
  /** As it stands, to be appended again. */
  copyOf: (job: PlacedJob) => NewRecord;
  /** There is no room for it. */
  refuse: (job: DeliveryJob) => void;
  repeated: () => void;
  handOvers: Pick<HandOvers, 'append'>;
  clock: Clock;
}

/** So far behind the latest record of its partition, in records or in bytes, what waits is appended again: all of that is read again after a kill. */
const MOST_BEHIND = 10_000;
const MOST_BEHIND_BYTES = 32 * 1024 * 1024;
/** And so many times as far as what waits there is long: it must not be most of what is appended. */
const BEHIND_FACTOR = 2;
/** At once. */
const MOST_MOVED = 500;
const MOST_MOVED_BYTES = 8 * 1024 * 1024;

interface Partition {
  readonly sequences: Map<string, Sequence>;
  /** In the order of their records; with the bytes read of the partition before each. */
  readonly jobs: Map<PlacedJob, number>;
  jobBytes: number;
  /** Of the partition, since the first of a sequence came. */
  readBytes: number;
  readonly mark: string;
  /** The mark has come back. */
  started: boolean;
  moving: boolean;
}

export function createSequences(deps: SequencesDeps): Sequences {
  const { handOvers, refuse, repeated } = deps;
  const partitions = new Map<number, Partition>();
  const backlog = createSequenceBacklog();
  let closed = false;

  function partitionOf(job: PlacedJob): Partition {
    const { partition: number } = job.record.position;
    const known = partitions.get(number);
    if (known !== undefined) return known;
    const partition: Partition = {
      sequences: new Map(),
      jobs: new Map(),
      jobBytes: 0,
      readBytes: 0,
      mark: randomUUID(),
      started: false,
      moving: false,
    };
    partitions.set(number, partition);
    handOvers.append(
      [encodeMark(partition.mark, number)],
      () => job.lost(),
      () => undefined,
    );
    return partition;
  }

  function sequenceOf(partition: Partition, job: PlacedJob): Sequence {
    const name = `${job.webhookId}/${job.order.key}`;
    let sequence = partition.sequences.get(name);
    if (sequence === undefined) {
      sequence = createSequence({
        ...deps,
        mayStart: () => partition.started && !closed,
        left: (gone) => forget(partition, gone),
        over: (gone) => backlog.ended(gone),
        ended: () => partition.sequences.delete(name),
      });
      partition.sequences.set(name, sequence);
    }
    return sequence;
  }

  function forget(partition: Partition, job: PlacedJob): void {
    if (!partition.jobs.delete(job)) return;
    partition.jobBytes -= job.sizeBytes;
    backlog.gone(job);
  }

  function add(job: PlacedJob): void {
    if (closed || job.lost()) return;
    const partition = partitionOf(job);
    if (!sequenceOf(partition, job).put(job)) {
      repeated();
      closeJob(job);
      return;
    }
    partition.jobs.set(job, partition.readBytes);
    partition.jobBytes += job.sizeBytes;
    backlog.added(job);
    while (backlog.overflows() && refuseLatest(job));
    sequenceOf(partition, job).start();
  }

  function refuseLatest(asking: PlacedJob): boolean {
    const victim = backlog.greediest(asking);
    for (const partition of partitions.values()) {
      for (const [name, sequence] of partition.sequences) {
        if (!name.startsWith(`${victim}/`)) continue;
        const last = sequence.takeLast();
        if (last === undefined) continue;
        forget(partition, last);
        refuse(last);
        return true;
      }
    }
    return false;
  }

  function isFarBehind({ jobs, jobBytes, readBytes }: Partition, latest: number): boolean {
    for (const [oldest, bytesBefore] of jobs) {
      return (
        latest - oldest.record.position.offset > Math.max(MOST_BEHIND, BEHIND_FACTOR * jobs.size) ||
        readBytes - bytesBefore > Math.max(MOST_BEHIND_BYTES, BEHIND_FACTOR * jobBytes)
      );
    }
    return false;
  }

  function moveUp(partition: Partition): void {
    const moved: PlacedJob[] = [];
    let seen = 0;
    let bytes = 0;
    for (const job of partition.jobs.keys()) {
      if (moved.length === MOST_MOVED || ++seen > 2 * MOST_MOVED) break;
      // What is being sent leaves by itself.
      if (job.order.state !== 'waiting') continue;
      moved.push(job);
      bytes += job.event.data.length;
      if (bytes >= MOST_MOVED_BYTES) break;
    }
    const [oldest] = moved;
    if (oldest === undefined) return;
    partition.moving = true;
    for (const job of moved) job.order.state = 'moving';
    handOvers.append(
      moved.map(deps.copyOf),
      () => oldest.lost(),
      () => {
        partition.moving = false;
        for (const job of moved) {
          if (job.order.state !== 'moving') continue;
          job.order.state = 'moved';
          closeRecord(job.record);
          forget(partition, job);
        }
      },
    );
  }

  return {
    add,
    room: (job, stop) => backlog.room(job, stop),
    read(number, latest, bytes) {
      const partition = partitions.get(number);
      if (partition === undefined) return;
      partition.readBytes += bytes;
      if (!partition.moving && partition.started && isFarBehind(partition, latest)) moveUp(partition);
    },
    marked(number, mark) {
      const partition = partitions.get(number);
      if (partition?.mark !== mark) return;
      partition.started = true;
      for (const sequence of partition.sequences.values()) sequence.start();
    },
    lost(number) {
      const partition = partitions.get(number);
      if (partition === undefined) return;
      partitions.delete(number);
      for (const sequence of partition.sequences.values()) sequence.close();
      for (const job of partition.jobs.keys()) backlog.gone(job);
    },
    waiting: () => backlog.waiting(),
    close() {
      closed = true;
      backlog.close();
      for (const { sequences } of partitions.values()) for (const sequence of sequences.values()) sequence.close();
    },
  };
}
