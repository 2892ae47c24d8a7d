// The bare limit of delivering: the same Kafka client and undici's dispatch, a signature, one 300-byte record per delivery, a commit. No engine, no
// limits, no retries, no matching: everything that it leaves out is what the product's ratio pays for.
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { CompressionTypes, Kafka, logLevel, Partitioners, type EachBatchPayload, type KafkaMessage } from 'kafkajs';
import { Pool, type Dispatcher } from 'undici';
import { quietRequestQueues } from '../../libs/event-log-kafka/src/quiet-request-queue.ts';
import { registerZstd } from '../../libs/event-log-kafka/src/zstd-codec.ts';

export interface BareDeliverSettings {
  brokers: readonly string[];
  topic: string;
  group: string;
  ports: readonly number[];
  /** Requests under way at once, over all. */
  inFlight: number;
  /** Where one record per delivery goes; none are written without. */
  attemptsTopic?: string;
}

const settings = JSON.parse(process.argv[2] as string) as BareDeliverSettings;
quietRequestQueues();
registerZstd();
const kafka = new Kafka({ clientId: 'bench-bare', brokers: [...settings.brokers], logLevel: logLevel.NOTHING });
const producer = kafka.producer({
  idempotent: true,
  maxInFlightRequests: 1,
  createPartitioner: Partitioners.DefaultPartitioner,
});
const consumer = kafka.consumer({ groupId: settings.group, maxWaitTimeInMs: 100 });
const pools = settings.ports.map((port) => new Pool(`http://127.0.0.1:${port}`, { connections: null, pipelining: 1 }));
const key = createSecretKey(randomBytes(32));
const ATTEMPT = JSON.stringify({ text: 'a'.repeat(286) });

let free = settings.inFlight;
const waiting: (() => void)[] = [];

function take(): Promise<void> | undefined {
  if (free > 0) {
    free--;
    return undefined;
  }
  return new Promise((resolve) => waiting.push(resolve));
}

function release(): void {
  const next = waiting.shift();
  if (next === undefined) free++;
  else next();
}

function deliver(message: KafkaMessage, id: string, done: () => void): void {
  const body = message.value as Buffer;
  const timestamp = Math.floor(Date.now() / 1_000);
  const signature = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
  const pool = pools[Number(id) % pools.length] as Pool;
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart() {},
    onResponseStart() {},
    onResponseData() {},
    onResponseEnd: done,
    onResponseError(_controller, error) {
      console.error(`bare deliver: ${error.message}`);
      done();
    },
  };
  pool.dispatch(
    {
      method: 'POST',
      path: '/',
      headers: [
        'content-type',
        'application/json',
        'user-agent',
        'bench',
        'webhook-id',
        id,
        'webhook-timestamp',
        String(timestamp),
        'webhook-signature',
        signature,
      ],
      body,
    },
    handler,
  );
}

async function eachBatch(payload: EachBatchPayload): Promise<void> {
  const { batch } = payload;
  const { messages } = batch;
  let open = messages.length;
  const all = Promise.withResolvers<void>();
  for (const message of messages) {
    const room = take();
    if (room !== undefined) await room;
    deliver(message, message.offset, () => {
      release();
      if (--open === 0) all.resolve();
    });
  }
  await all.promise;
  if (settings.attemptsTopic !== undefined) {
    await producer.send({
      topic: settings.attemptsTopic,
      acks: -1,
      compression: CompressionTypes.ZSTD,
      messages: messages.map(({ offset }) => ({ key: offset, value: ATTEMPT })),
    });
  }
  payload.resolveOffset((messages.at(-1) as KafkaMessage).offset);
  await payload.commitOffsetsIfNecessary({
    topics: [
      {
        topic: batch.topic,
        partitions: [{ partition: batch.partition, offset: String(Number(messages.at(-1)?.offset) + 1) }],
      },
    ],
  });
  await payload.heartbeat();
}

process.on('disconnect', () => process.exit(0));
await producer.connect();
await consumer.connect();
await consumer.subscribe({ topic: settings.topic, fromBeginning: true });
await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 12, eachBatch });
process.send?.('running');
