import ConsumerGroup, { type TopicPartitions } from 'kafkajs/src/consumer/consumerGroup.js';

/** How long a fetch waits while a partition is paused: that may go on at any moment, and what is under way doesn't ask for it. */
const PAUSED_WAIT_MS = 50;

interface Turns {
  /** By broker. */
  fetches: Map<string, number>;
  /** As the consumer was made. */
  waitMs: number;
}

let installed = false;

/**
 * kafkajs 2.2.4 asks for its partitions in the same order each time. An answer has room for the first of them only, and a batch above `maxBytesPerPartition`
 * comes only where it is the first of all, so what stands last may get nothing while those before have something. Here each comes first in its turn.
 */
export function takeFetchTurns(): void {
  if (installed) return;
  installed = true;
  const turnsOf = new WeakMap<ConsumerGroup, Turns>();
  const partitionsOf = Reflect.get(ConsumerGroup.prototype, 'filterPartitionsByNode');
  // Each fetch begins with it.
  ConsumerGroup.prototype.filterPartitionsByNode = function (nodeId, topicPartitions) {
    let turns = turnsOf.get(this);
    if (turns === undefined) turnsOf.set(this, (turns = { fetches: new Map(), waitMs: this.maxWaitTime }));
    const turn = turns.fetches.get(nodeId) ?? 0;
    turns.fetches.set(nodeId, turn + 1);
    const isPaused = this.subscriptionState.paused().length > 0;
    this.maxWaitTime = isPaused ? Math.min(PAUSED_WAIT_MS, turns.waitMs) : turns.waitMs;
    return inTurn(partitionsOf.call(this, nodeId, topicPartitions), turn);
  };
}

/** The topics in turn, and of each its partitions. */
export function inTurn(topicPartitions: readonly TopicPartitions[], turn: number): TopicPartitions[] {
  const round = Math.floor(turn / Math.max(1, topicPartitions.length));
  return rotated(topicPartitions, turn).map(({ topic, partitions }) => ({
    topic,
    partitions: rotated(partitions, round),
  }));
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const first = by % Math.max(1, list.length);
  return [...list.slice(first), ...list.slice(0, first)];
}
