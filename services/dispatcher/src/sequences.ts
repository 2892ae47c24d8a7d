import { encodeMark } from '@hookline/contracts';
import type { Stop } from '@hookline/delivery';
import type { Clock } from '@hookline/domain';
import type { NewRecord } from '@hookline/event-log';
import type { HandOvers } from './hand-overs.ts';
import { closeJob, closeRecord, type DeliveryJob, type Place } from './job.ts';
import { createSequenceBacklog } from './sequence-backlog.ts';
import { createSequencePartition, isFarBehind, isOld, type SequencePartition } from './sequence-partition.ts';
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
  /** The webhook is paused no more. */
  resumed(webhookId: string): void;
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
  /** What ends one that is not to be sent any more, though its turn has not come; null: it waits for that. */
  over: (job: PlacedJob) => (() => void) | null;
  isPaused: (webhookId: string) => boolean;
  repeated: () => void;
  handOvers: Pick<HandOvers, 'append'>;
  clock: Clock;
}

/** At once. */
const MOST_MOVED = 500;
const MOST_MOVED_BYTES = 8 * 1024 * 1024;
/** How often what waits is looked through for what is old, or over. */
const LOOK_MS = 60_000;
/** Of those that are over, in one look. */
const MOST_ENDED = 5_000;

export function createSequences(deps: SequencesDeps): Sequences {
  const { handOvers, refuse, repeated, clock } = deps;
  const partitions = new Map<number, SequencePartition>();
  /** By webhook: those that something may be taken of. */
  const ofWebhook = new Map<string, Set<Sequence>>();
  const backlog = createSequenceBacklog();
  let closed = false;
  const looking = setInterval(lookThrough, LOOK_MS).unref();

  function partitionOf(job: PlacedJob): SequencePartition {
    const { partition: number } = job.record.position;
    const known = partitions.get(number);
    if (known !== undefined) return known;
    const partition = createSequencePartition(number);
    partitions.set(number, partition);
    handOvers.append(
      [encodeMark(partition.mark, number)],
      () => job.record.position,
      () => job.lost(),
      () => undefined,
    );
    return partition;
  }

  function sequenceOf(partition: SequencePartition, job: PlacedJob): Sequence {
    const name = nameOf(job);
    let sequence = partition.sequences.get(name);
    if (sequence === undefined) {
      const created = (sequence = createSequence({
        ...deps,
        mayStart: () => partition.started && !closed,
        left: (gone) => forget(partition, gone),
        over: (gone) => backlog.ended(gone),
        ended: () => {
          partition.sequences.delete(name);
          unlist(job.webhookId, created);
        },
      }));
      partition.sequences.set(name, sequence);
    }
    return sequence;
  }

  function list(webhookId: string, sequence: Sequence): void {
    const sequences = ofWebhook.get(webhookId);
    if (sequences === undefined) ofWebhook.set(webhookId, new Set([sequence]));
    else sequences.add(sequence);
  }

  function unlist(webhookId: string, sequence: Sequence): void {
    const sequences = ofWebhook.get(webhookId);
    if (sequences?.delete(sequence) === true && sequences.size === 0) ofWebhook.delete(webhookId);
  }

  function forget(partition: SequencePartition, job: PlacedJob): void {
    if (!partition.jobs.delete(job)) return;
    partition.jobBytes -= job.sizeBytes;
    backlog.gone(job);
  }

  function add(job: PlacedJob): void {
    if (closed || job.lost()) return;
    const partition = partitionOf(job);
    const sequence = sequenceOf(partition, job);
    if (!sequence.put(job)) {
      repeated();
      closeJob(job);
      return;
    }
    const { order, record } = job;
    order.isNew = partition.started && order.place === record.position.offset;
    list(job.webhookId, sequence);
    partition.jobs.set(job, partition.readBytes);
    partition.jobBytes += job.sizeBytes;
    backlog.added(job);
    while (backlog.overflows() && makeRoom(job, sequence));
    sequence.start();
  }

  /** The webhook with the most loses what came last; what somebody had taken in already is not lost but comes again. */
  function makeRoom(asking: PlacedJob, sequence: Sequence): boolean {
    const greediest = backlog.greediest(asking);
    if (asking.order.isNew && greediest === asking.webhookId && sequence.take(asking)) {
      refuse(removed(asking));
      return true;
    }
    for (const its of ofWebhook.get(greediest) ?? []) {
      const last = its.takeLast();
      // It is listed again with the next that comes for it.
      if (last === undefined) unlist(greediest, its);
      else {
        removed(last);
        if (asking.order.isNew && last.order.isNew && !its.isIncomplete()) refuse(last);
        else putBack(last, its);
        its.start();
        return true;
      }
    }
    return false;
  }

  function removed(job: PlacedJob): PlacedJob {
    forget(partitionOf(job), job);
    return job;
  }

  /** It comes again behind all that is in the partition now, and those behind it in its sequence wait for it. */
  function putBack(job: PlacedJob, sequence: Sequence): void {
    sequence.putBack(job.order.place);
    handOvers.append(
      [deps.copyOf(job)],
      () => job.record.position,
      () => job.lost(),
      (refused) => {
        closeRecord(job.record);
        if (refused.size > 0) sequence.lose(job.order.place);
      },
    );
  }

  function moveUp(partition: SequencePartition, isDue: (job: PlacedJob) => boolean, durable?: () => void): void {
    const moved: PlacedJob[] = [];
    let seen = 0;
    let bytes = 0;
    for (const job of partition.jobs.keys()) {
      if (moved.length === MOST_MOVED || ++seen > 2 * MOST_MOVED) break;
      // What is being sent leaves by itself.
      if (job.order.state !== 'waiting' || !isDue(job)) continue;
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
      (index) => (moved[index] as PlacedJob).record.position,
      () => oldest.lost(),
      (refused) => {
        partition.moving = false;
        for (const [index, job] of moved.entries()) {
          if (job.order.state !== 'moving') continue;
          job.order.state = 'moved';
          closeRecord(job.record);
          forget(partition, job);
          if (refused.has(index)) partition.sequences.get(nameOf(job))?.lose(job.order.place);
        }
        durable?.();
      },
    );
  }

  /** Until none is left that is old. */
  function moveUpOld(partition: SequencePartition): void {
    if (partition.moving || !partition.started || closed) return;
    moveUp(
      partition,
      (job) => isOld(job, clock.now()),
      () => moveUpOld(partition),
    );
  }

  function lookThrough(): void {
    let left = MOST_ENDED;
    for (const partition of partitions.values()) {
      if (!partition.started) continue;
      for (const job of partition.jobs.keys()) if (left > 0 && endedEarly(partition, job)) left--;
      moveUpOld(partition);
    }
  }

  function endedEarly(partition: SequencePartition, job: PlacedJob): boolean {
    const end = job.order.state === 'waiting' ? deps.over(job) : null;
    const sequence = partition.sequences.get(nameOf(job));
    if (end === null || sequence?.take(job) !== true) return false;
    forget(partition, job);
    end();
    sequence.start();
    return true;
  }

  return {
    add,
    room(job, stop) {
      const { order, record } = job;
      const sequence = partitions.get(record.position.partition)?.sequences.get(nameOf(job));
      const isBack = sequence?.awaits(order.place) ?? false;
      return backlog.room(job, stop, isBack ? clock.now() - order.writtenAtMs : Infinity);
    },
    read(number, latest, bytes) {
      const partition = partitions.get(number);
      if (partition === undefined) return;
      partition.readBytes += bytes;
      if (!partition.moving && partition.started && isFarBehind(partition, latest)) moveUp(partition, () => true);
    },
    marked(number, mark) {
      const partition = partitions.get(number);
      if (partition?.mark !== mark) return;
      partition.started = true;
      for (const sequence of partition.sequences.values()) sequence.start();
    },
    resumed(webhookId) {
      for (const { sequences } of partitions.values()) {
        for (const [name, sequence] of sequences) if (name.startsWith(`${webhookId}/`)) sequence.resume();
      }
    },
    lost(number) {
      const partition = partitions.get(number);
      if (partition === undefined) return;
      partitions.delete(number);
      for (const [name, sequence] of partition.sequences) {
        sequence.close();
        unlist(name.slice(0, name.indexOf('/')), sequence);
      }
      for (const job of partition.jobs.keys()) backlog.gone(job);
    },
    waiting: () => backlog.waiting(),
    close() {
      closed = true;
      clearInterval(looking);
      backlog.close();
      for (const { sequences } of partitions.values()) for (const sequence of sequences.values()) sequence.close();
    },
  };
}

function nameOf({ webhookId, order }: PlacedJob): string {
  return `${webhookId}/${order.key}`;
}
