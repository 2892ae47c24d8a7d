import {
  createOffsetTracker,
  decodeDoneMap,
  type LogRecord,
  type OffsetTracker,
  type RecordHandler,
  type TopicPartition,
} from '@hookline/event-log';
import type { Lease } from './leases.ts';
import type { StoredTopic } from './topics.ts';

/** A partition that this member holds: from its taking until it is lost. */
export interface Assigned extends TopicPartition {
  topicId: number;
  epoch: number;
  /** The next offset to read. */
  offset: number;
  /** Undefined until the handler has said where to start. */
  tracker: OffsetTracker | undefined;
  /** What is done above the committed offset, as it was when the partition came. */
  done: string;
  busy: boolean;
  lost: boolean;
  /** What took its place after a `seek`. */
  successor: Assigned | undefined;
  controller: AbortController;
}

/** The partitions of a member, and their handlers. */
export interface Assignment {
  all(): Assigned[];
  /** Those that can take a batch and have records to read. */
  ready(endOf: (one: Assigned) => number): Assigned[];
  /** Takes on what is new and drops what has gone elsewhere; returns what is to be given up. */
  update(held: readonly Lease[]): Assigned[];
  /** Hands a batch to the handler, unless the partition was lost meanwhile. */
  handle(one: Assigned, records: LogRecord[], next: number): void;
  lose(partitions: readonly Assigned[]): void;
  /** Begins anew at an offset, under the same lease. */
  seek(topicId: number, partition: number, offset: number): void;
  /** Tells handlers to come to an end; nothing is lost yet. */
  abort(): void;
  /** Resolves when no handler is under way. */
  idle(): Promise<void>;
}

export interface AssignmentEvents {
  /** A partition may have become ready. */
  changed: () => void;
  failed: (error: unknown) => void;
}

export function createAssignment(
  topics: readonly StoredTopic[],
  handler: RecordHandler,
  events: AssignmentEvents,
): Assignment {
  const names = new Map(topics.map(({ id, name }) => [id, name]));
  const held = new Map<string, Assigned>();
  const underWay = new Set<Promise<void>>();
  let aborted = false;

  function take(lease: Lease): void {
    const one = createAssigned(names.get(lease.topicId) as string, lease);
    held.set(nameOf(one), one);
    track(start(one));
  }

  async function start(one: Assigned): Promise<void> {
    const { topic, partition, controller } = one;
    const from = await handler.assigned?.({ topic, partition }, controller.signal);
    if (one.lost) return;
    if (from !== undefined) one.offset = from;
    one.tracker = createOffsetTracker(one.offset, from === undefined ? decodeDoneMap(one.offset, one.done) : []);
    events.changed();
  }

  async function run(one: Assigned, tracker: OffsetTracker, read: LogRecord[]): Promise<void> {
    const { topic, partition, controller } = one;
    const records = read.filter(({ offset, timestampMs }) => tracker.received(offset, timestampMs));
    if (records.length === 0) return;
    one.busy = true;
    await handler.received({
      topic,
      partition,
      records,
      done(offset) {
        if (!one.lost) tracker.done(offset);
      },
      signal: controller.signal,
    });
    let current = one;
    while (current.successor !== undefined) current = current.successor;
    current.busy = false;
    events.changed();
  }

  function track(work: Promise<void>): void {
    const watched = work.catch(events.failed).finally(() => underWay.delete(watched));
    underWay.add(watched);
  }

  function lose(partitions: readonly Assigned[]): void {
    for (const one of partitions) {
      if (one.lost) continue;
      one.lost = true;
      held.delete(nameOf(one));
      one.controller.abort();
      try {
        handler.lost?.({ topic: one.topic, partition: one.partition });
      } catch (error) {
        events.failed(error);
      }
    }
  }

  return {
    all: () => [...held.values()],

    ready: (endOf) =>
      [...held.values()].filter((one) => one.tracker !== undefined && !one.busy && one.offset < endOf(one)),

    update(leases) {
      const now = new Map(leases.map((lease) => [nameOf(lease), lease]));
      lose([...held].filter(([name, { epoch }]) => now.get(name)?.epoch !== epoch).map(([, one]) => one));
      const excess: Assigned[] = [];
      for (const [name, lease] of now) {
        const one = held.get(name);
        if (one === undefined) take(lease);
        else if (lease.excess) excess.push(one);
      }
      return excess;
    },

    handle(one, records, next) {
      if (one.lost || one.busy || aborted || one.tracker === undefined) return;
      one.offset = next;
      if (records.length > 0) track(run(one, one.tracker, records));
    },

    lose,

    seek(topicId, partition, offset) {
      const before = held.get(nameOf({ topicId, partition }));
      if (before === undefined) return;
      const one = createAssigned(before.topic, { ...before, committed: offset });
      one.tracker = createOffsetTracker(offset);
      // The next batch waits for the handler of the one before, however much that one is out of date.
      one.busy = before.busy;
      before.successor = one;
      before.lost = true;
      held.set(nameOf(one), one);
      before.controller.abort();
      events.changed();
    },

    abort() {
      aborted = true;
      for (const { controller } of held.values()) controller.abort();
    },

    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

function createAssigned(
  topic: string,
  { topicId, partition, epoch, committed, done }: Omit<Lease, 'excess'>,
): Assigned {
  return {
    topic,
    topicId,
    partition,
    epoch,
    offset: committed ?? 0,
    done,
    tracker: undefined,
    busy: false,
    lost: false,
    successor: undefined,
    controller: new AbortController(),
  };
}

function nameOf({ topicId, partition }: { topicId: number; partition: number }): string {
  return `${topicId}/${partition}`;
}
