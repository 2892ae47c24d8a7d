import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';

/** How long a fetch waits while a partition is paused: that may go on at any moment, and what is under way doesn't ask for it. */
const PAUSED_WAIT_MS = 50;

let installed = false;

/** What kafkajs 2.2.4 asks of a broker, and for how long, before each fetch. */
export function planFetches(): void {
  if (installed) return;
  installed = true;
  waitShortlyWhilePaused();
  findReplicasQuickly();
}

function waitShortlyWhilePaused(): void {
  /** As the consumers were made. */
  const waits = new WeakMap<ConsumerGroup, number>();
  const partitionsOf = Reflect.get(ConsumerGroup.prototype, 'filterPartitionsByNode');
  // Each fetch begins with it.
  ConsumerGroup.prototype.filterPartitionsByNode = function (nodeId, topicPartitions) {
    let waitMs = waits.get(this);
    if (waitMs === undefined) waits.set(this, (waitMs = this.maxWaitTime));
    const isPaused = this.subscriptionState.paused().length > 0;
    this.maxWaitTime = isPaused ? Math.min(PAUSED_WAIT_MS, waitMs) : waitMs;
    return partitionsOf.call(this, nodeId, topicPartitions);
  };
}

/** Of each broker, the partitions that are read from it. kafkajs copies all that it has found for each partition that it finds: a quarter of a fetch's garbage. */
function findReplicasQuickly(): void {
  const find = Reflect.get(ConsumerGroup.prototype, 'findReadReplicaForPartitions');
  ConsumerGroup.prototype.findReadReplicaForPartitions = function (topic, partitions) {
    for (const _ in this.preferredReadReplicasPerTopicPartition[topic]) return find.call(this, topic, partitions);
    const metadata = new Map(this.cluster.findTopicPartitionMetadata(topic).map((each) => [each.partitionId, each]));
    const byNode: Record<string, number[]> = {};
    for (const partition of partitions) {
      const known = metadata.get(Number(partition));
      if (known === undefined) continue;
      // It throws what is thrown then.
      if (known.leader == null) return find.call(this, topic, partitions);
      (byNode[known.leader] ??= []).push(known.partitionId);
    }
    return byNode;
  };
}
