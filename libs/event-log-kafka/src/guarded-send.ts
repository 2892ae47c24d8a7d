import { Unavailable } from '@hookline/domain';
import { CompressionTypes, type Message, type Producer, type ProducerBatch } from 'kafkajs';
import { checkAnswer, partitionName, type CheckedAnswer } from './check-answer.ts';
import type { Log } from './log.ts';
import { PlacedMessages } from './placed-messages.ts';
import type { SealedProducer } from './sealed-producer.ts';
import { createUses, type Uses } from './uses.ts';

/** Below that zstd costs more than it saves: 20 to 30 µs here, and as much for each that reads it. */
const COMPRESS_FROM_BYTES = 4 * 1024;
const MOST_ROUNDS = 8;

export interface PartitionBatch {
  topic: string;
  partition: number;
  messages: Message[];
  sizeBytes: number;
}

export interface Acknowledged {
  batch: PartitionBatch;
  baseOffset: number;
}

export interface GuardedSendOptions {
  /** A producer of its own id; idempotent. */
  createProducer: () => Pick<SealedProducer, 'producer' | 'end'>;
  /** `unchecked` believes every send that resolves and so loses records. For the sabotage runs only. */
  acknowledge: 'checked' | 'unchecked';
  sendTimeoutMs: number;
  log: Log;
}

export interface GuardedSend {
  /** Calls `acknowledged` for each batch that is durable; rejects when it can't get all of them there. One call at a time. */
  send: (batches: readonly PartitionBatch[], acknowledged: (done: Acknowledged) => void) => Promise<void>;
  close: () => Promise<void>;
}

/**
 * Sends until the answers name every partition sent to. A producer lives as long as its sequence numbers are beyond doubt:
 * after a send that failed, or that left a partition out, the next one gets a new id. Under the old one
 * other records of the same number could be taken for a repetition of those that failed, and be acknowledged without being appended.
 */
export function createGuardedSend({
  createProducer,
  acknowledge,
  sendTimeoutMs,
  log,
}: GuardedSendOptions): GuardedSend {
  let current: { producer: Producer; uses: Uses } | undefined;
  let closed = false;
  const highest = new Map<string, number>();

  function open(): { producer: Producer; uses: Uses } {
    if (closed) throw new Unavailable('the event log is closed');
    const { producer, end } = createProducer();
    return { producer, uses: createUses(end) };
  }

  /**
   * A send of kafkajs rejects at the first broker's error while what it sent to others is still under way, and may even be tried again. So the
   * old producer is ended before the next one sends: its requests are waited for, a while, and then its connections are cut. What
   * a broker that stalls has received by then it may still append when it goes on.
   */
  async function discard(): Promise<void> {
    const old = current;
    current = undefined;
    highest.clear();
    await old?.uses.end();
  }

  function request(batches: readonly PartitionBatch[]): ProducerBatch {
    return {
      acks: -1,
      timeout: sendTimeoutMs,
      compression: totalBytes(batches) > COMPRESS_FROM_BYTES ? CompressionTypes.ZSTD : CompressionTypes.None,
      topicMessages: topicMessages(batches),
    };
  }

  async function sendOnce(batches: readonly PartitionBatch[]): Promise<CheckedAnswer<PartitionBatch>> {
    const { producer, uses } = (current ??= open());
    const answer = await uses.run(async () => {
      await producer.connect();
      return producer.sendBatch(request(batches));
    });
    const checked = checkAnswer(batches, answer, highest);
    if (acknowledge === 'checked') return checked;
    const believed = [...checked.unanswered, ...checked.mistaken].map((sent) => ({ sent, baseOffset: -1 }));
    return { acknowledged: [...checked.acknowledged, ...believed], unanswered: [], mistaken: [] };
  }

  async function send(batches: readonly PartitionBatch[], acknowledged: (done: Acknowledged) => void): Promise<void> {
    let remaining = batches;
    let doubtful = false;
    for (let round = 1; round <= MOST_ROUNDS; round++) {
      const checked = await sendOnce(remaining);
      for (const { sent, baseOffset } of checked.acknowledged) {
        highest.set(partitionName(sent.topic, sent.partition), baseOffset + sent.messages.length - 1);
        acknowledged({ batch: sent, baseOffset });
      }
      remaining = [...checked.unanswered, ...checked.mistaken];
      if (remaining.length === 0) {
        if (doubtful) await discard();
        return;
      }
      doubtful = true;
      log.warn(
        {
          unanswered: checked.unanswered.map(({ topic, partition }) => partitionName(topic, partition)),
          mistaken: checked.mistaken.map(({ topic, partition }) => partitionName(topic, partition)),
          round,
        },
        'append.unanswered',
      );
      // What is merely unanswered goes again as it was: if it did get into the log, its sequence numbers show it.
      if (checked.mistaken.length > 0) await discard();
    }
    throw new Unavailable(`no answer for ${remaining.length} partitions in ${MOST_ROUNDS} sends`);
  }

  return {
    async send(batches, acknowledged) {
      try {
        await send(batches, acknowledged);
      } catch (error) {
        await discard();
        throw error;
      }
    },
    close() {
      closed = true;
      return discard();
    },
  };
}

function topicMessages(batches: readonly PartitionBatch[]): { topic: string; messages: Message[] }[] {
  const byTopic = new Map<string, PlacedMessages>();
  for (const { topic, messages } of batches) {
    let all = byTopic.get(topic);
    if (all === undefined) byTopic.set(topic, (all = new PlacedMessages()));
    for (const message of messages) all.push(message);
  }
  return [...byTopic].map(([topic, messages]) => ({ topic, messages }));
}

function totalBytes(batches: readonly PartitionBatch[]): number {
  return batches.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
