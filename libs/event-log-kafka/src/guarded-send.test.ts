import { describe, expect, test } from '@jest/globals';
import type { Producer, ProducerBatch, RecordMetadata } from 'kafkajs';
import { createGuardedSend, type PartitionBatch } from './guarded-send.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** Producers over logs in memory; each send is answered as the next step of the script says. */
function scene(
  script: ('all' | 'but partition 1' | 'stale' | Error)[],
  acknowledge: 'checked' | 'unchecked' = 'checked',
) {
  const logs = new Map<number, string[]>();
  let producers = 0;
  let open = 0;

  function answer(batch: ProducerBatch): RecordMetadata[] {
    const step = script.shift() ?? 'all';
    if (step instanceof Error) throw step;
    const answers = new Map<number, RecordMetadata>();
    for (const { topic, messages } of batch.topicMessages ?? []) {
      for (const { partition = 0, value } of messages) {
        if (step === 'but partition 1' && partition === 1) continue;
        const log = logs.get(partition) ?? [];
        logs.set(partition, log);
        if (!answers.has(partition)) {
          const baseOffset = step === 'stale' ? '0' : String(log.length);
          answers.set(partition, { topicName: topic, partition, errorCode: 0, baseOffset });
        }
        if (step !== 'stale') log.push(String(value));
      }
    }
    return [...answers.values()];
  }

  function createProducer() {
    producers++;
    let connected = false;
    const producer = {
      async connect() {
        if (!connected) open++;
        connected = true;
      },
      sendBatch: async (batch: ProducerBatch) => answer(batch),
    } as unknown as Producer;
    return { producer, end: async () => void open-- };
  }

  const sender = createGuardedSend({
    createProducer,
    acknowledge,
    sendTimeoutMs: 1_000,
    log: quiet,
  });
  const acknowledged: string[] = [];
  return {
    logs,
    acknowledged,
    producers: () => producers,
    open: () => open,
    close: sender.close,
    send: (...batches: PartitionBatch[]) =>
      sender.send(batches, ({ batch, baseOffset }) => acknowledged.push(`${batch.partition}@${baseOffset}`)),
  };
}

function batch(partition: number, ...values: string[]): PartitionBatch {
  return { topic: 't', partition, sizeBytes: 10, messages: values.map((value) => ({ value, partition })) };
}

describe('guarded send', () => {
  test('what the answer names is acknowledged; the producer stays', async () => {
    const { send, acknowledged, producers } = scene([]);
    await send(batch(0, 'a', 'b'), batch(1, 'c'));
    await send(batch(0, 'd'));
    expect(acknowledged).toEqual(['0@0', '1@0', '0@2']);
    expect(producers()).toBe(1);
  });

  test('a partition that the answer leaves out is sent again before it is acknowledged; then the id is given up', async () => {
    const { send, acknowledged, logs, producers, open } = scene(['but partition 1', 'but partition 1', 'all']);
    await send(batch(0, 'a'), batch(1, 'b', 'c'));
    expect(acknowledged).toEqual(['0@0', '1@0']);
    expect(logs.get(0)).toEqual(['a']);
    expect(logs.get(1)).toEqual(['b', 'c']);
    expect([producers(), open()]).toEqual([1, 0]);
    await send(batch(0, 'd'));
    expect([producers(), open()]).toEqual([2, 1]);
  });

  test('without the check the same answer loses what was acknowledged', async () => {
    const { send, acknowledged, logs } = scene(['but partition 1'], 'unchecked');
    await send(batch(0, 'a'), batch(1, 'b'));
    expect(acknowledged).toHaveLength(2);
    expect(logs.get(1)).toBeUndefined();
  });

  test('records taken for a repetition of earlier ones are sent again under another id', async () => {
    const { send, acknowledged, logs, producers } = scene(['all', 'stale', 'all']);
    await send(batch(0, 'a'));
    await send(batch(0, 'b'));
    expect(logs.get(0)).toEqual(['a', 'b']);
    expect(acknowledged).toEqual(['0@0', '0@1']);
    expect(producers()).toBe(2);
  });

  test('a send that fails rejects, and the next one has another id', async () => {
    const { send, acknowledged, producers, open } = scene([new Error('fenced'), 'all']);
    await expect(send(batch(0, 'a'))).rejects.toThrow('fenced');
    expect([acknowledged.length, open()]).toEqual([0, 0]);
    await send(batch(0, 'a'));
    expect([acknowledged.length, producers()]).toEqual([1, 2]);
  });

  test('a partition that is never answered ends in a rejection, the others acknowledged', async () => {
    const { send, acknowledged } = scene(Array.from({ length: 100 }, () => 'but partition 1' as const));
    await expect(send(batch(0, 'a'), batch(1, 'b'))).rejects.toThrow('no answer for 1 partitions');
    expect(acknowledged).toEqual(['0@0']);
  });

  test('close disconnects; nothing is sent after it', async () => {
    const { send, close, open, logs } = scene([]);
    await send(batch(0, 'a'));
    await close();
    await close();
    await expect(send(batch(0, 'b'))).rejects.toThrow('closed');
    expect(open()).toBe(0);
    expect(logs.get(0)).toEqual(['a']);
  });
});
