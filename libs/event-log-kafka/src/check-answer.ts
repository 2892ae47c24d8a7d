export interface SentPartition {
  topic: string;
  partition: number;
}

export interface AnsweredPartition {
  topicName: string;
  partition: number;
  /** Of the first record of the batch. */
  baseOffset?: string;
}

export interface CheckedAnswer<T extends SentPartition> {
  acknowledged: { sent: T; baseOffset: number }[];
  /** Not named by the answer: nothing says that they are in the log. They have to be sent again. */
  unanswered: T[];
  /**
   * Named with an offset that was acknowledged for earlier records already: the broker took them for a repetition
   * of those and appended nothing. They have to be sent again, under a new producer id.
   */
  mistaken: T[];
}

/**
 * What of a send is acknowledged. A send of kafkajs that resolved is no acknowledgement by itself: when a partition's leader moves during
 * its retry to a broker that has answered already, the partition is never sent and is missing in the answer.
 *
 * @param highest the highest offset acknowledged so far in a partition under this producer id, by `partitionName`
 */
export function checkAnswer<T extends SentPartition>(
  sent: readonly T[],
  answer: readonly AnsweredPartition[],
  highest: ReadonlyMap<string, number>,
): CheckedAnswer<T> {
  const offsets = new Map<string, number>();
  for (const { topicName, partition, baseOffset } of answer) {
    const offset = Number(baseOffset ?? -1);
    const name = partitionName(topicName, partition);
    if (offset >= 0) offsets.set(name, Math.max(offset, offsets.get(name) ?? -1));
  }
  const checked: CheckedAnswer<T> = { acknowledged: [], unanswered: [], mistaken: [] };
  for (const part of sent) {
    const name = partitionName(part.topic, part.partition);
    const baseOffset = offsets.get(name);
    if (baseOffset === undefined) checked.unanswered.push(part);
    else if (baseOffset <= (highest.get(name) ?? -1)) checked.mistaken.push(part);
    else checked.acknowledged.push({ sent: part, baseOffset });
  }
  return checked;
}

export function partitionName(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
