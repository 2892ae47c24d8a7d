import { Unavailable } from '@hookline/domain';
import type { Consumption, EventLog, Following } from '@hookline/event-log';
import { Kafka, Partitioners, logLevel, type KafkaConfig, type ProducerConfig } from 'kafkajs';
import { createAdminCalls } from './admin.ts';
import { createAppend } from './appender.ts';
import { createAppendQueue } from './append-queue.ts';
import { createPartitionChooser } from './choose-partition.ts';
import { startConsumption } from './consumption.ts';
import { planFetches } from './fetch-plan.ts';
import { startFollowing } from './follow.ts';
import { createGuardedSend } from './guarded-send.ts';
import { joinCalls } from './join-calls.ts';
import { kafkajsLogCreator, type Log } from './log.ts';
import { createOffsets } from './offsets.ts';
import { quickenFetch } from './quick-fetch.ts';
import { quickenProduce } from './quick-produce.ts';
import { quietRequestQueues } from './quiet-request-queue.ts';
import { createSealedProducer } from './sealed-producer.ts';
import { createSendsApart } from './sends-apart.ts';
import type { Committed } from './starts.ts';
import { createKnownTopics } from './topic-facts.ts';
import { checkTopics, createTopics } from './topics.ts';
import { within } from './within.ts';
import { registerZstd } from './zstd-codec.ts';

export interface KafkaEventLogOptions {
  brokers: readonly string[];
  clientId: string;
  ssl?: KafkaConfig['ssl'];
  sasl?: KafkaConfig['sasl'];
  log: Log;
  /** How many copies of a topic are made, and how many must have a record before it is acknowledged; the broker's defaults without. */
  replicationFactor?: number;
  minInsyncReplicas?: number;
  /**
   * `checked` unless told otherwise. `unchecked` takes kafkajs at its word that what it sent is in the log, which loses acknowledged
   * records when a leader moves: it exists so that the sabotage runs can show that the check is what prevents it.
   */
  acknowledge?: 'checked' | 'unchecked';
}

const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 10_000;
const MOST_QUEUED_BYTES = 64 * 1024 * 1024;
const MOST_QUEUED_RECORDS = 100_000;
const TOPICS_DEADLINE_MS = 60_000;
const CLOSE_GRACE_MS = 5_000;
const PRODUCER: ProducerConfig = {
  idempotent: true,
  maxInFlightRequests: 1,
  allowAutoTopicCreation: false,
  createPartitioner: Partitioners.DefaultPartitioner,
};
const RETRY = { initialRetryTime: 100, maxRetryTime: 800 };
/** One and a half seconds: many elections last no longer, and all partitions wait meanwhile. What lasts longer is the queue's to bridge. */
const RETRIES = 4;
/** The fewest that kafkajs allows. */
const RETRIES_APART = 1;

export function createKafkaEventLog(options: KafkaEventLogOptions): EventLog {
  quietRequestQueues();
  quickenProduce();
  quickenFetch();
  planFetches();
  registerZstd();
  const { log, acknowledge = 'checked' } = options;
  const kafka = new Kafka(clientConfig(options));
  const admin = createAdminCalls(kafka);
  const offsets = createOffsets(kafka);
  const openSender = (retries: number) =>
    createGuardedSend({
      createProducer: () => createSealedProducer(clientConfig(options), { ...PRODUCER, retry: { ...RETRY, retries } }),
      acknowledge,
      sendTimeoutMs: REQUEST_TIMEOUT_MS,
      log,
    });
  const sender = openSender(RETRIES);
  const apart = createSendsApart(() => openSender(RETRIES_APART));
  const queue = createAppendQueue({
    send: sender.send,
    sendApart: apart.send,
    mostQueuedBytes: MOST_QUEUED_BYTES,
    mostQueuedRecords: MOST_QUEUED_RECORDS,
    log,
  });
  const append = createAppend({ topics: createKnownTopics(admin), queue, chooser: createPartitionChooser() });
  const endOffsets = joinCalls((topic) => offsets.read(topic, { end: true }));
  const open = new Set<Consumption | Following>();
  let closing: Promise<void> | undefined;

  async function readCommitted(group: string, topic: string): Promise<(Committed | null)[]> {
    const [answer] = await admin.call(`asking what ${group} has committed`, (connection) =>
      connection.fetchOffsets({ groupId: group, topics: [topic] }),
    );
    const found: (Committed | null)[] = [];
    for (const { partition, offset, metadata } of answer?.partitions ?? []) {
      found[partition] = Number(offset) < 0 ? null : { offset: Number(offset), metadata: metadata ?? '' };
    }
    return found;
  }

  async function readStarts(group: string, topic: string) {
    const [ofGroup, earliest] = await Promise.all([readCommitted(group, topic), readEarliest(topic)]);
    return { committed: ofGroup, earliest };
  }

  async function rewind(group: string, topic: string, timeMs: number): Promise<void> {
    const [committed, targets] = await Promise.all([readCommitted(group, topic), offsets.read(topic, { timeMs })]);
    const partitions = targets.flatMap((offset, partition) =>
      (committed[partition]?.offset ?? 0) > offset ? [{ partition, offset: String(offset) }] : [],
    );
    if (partitions.length === 0) return;
    // The broker refuses it while the group has members.
    await admin.call(`rewinding ${group}`, (connection) =>
      connection.setOffsets({ groupId: group, topic, partitions }),
    );
  }

  const readEarliest = (topic: string) => offsets.read(topic, { earliest: true });

  async function deleteGroup(group: string): Promise<void> {
    // It is only tidiness: the broker forgets an empty group by itself in the end.
    await admin
      .call(`deleting group ${group}`, (connection) => connection.deleteGroups([group]), 0)
      .catch((error: unknown) => log.debug({ group, error: String(error) }, 'group.kept'));
  }

  async function keep<T extends Consumption | Following>(opening: Promise<T>): Promise<T> {
    const opened = await opening;
    open.add(opened);
    if (closing !== undefined) await opened.close();
    return opened;
  }

  async function close(): Promise<void> {
    await Promise.all([...open].map((each) => each.close()));
    await queue.close(CLOSE_GRACE_MS);
    await Promise.all([sender.close(), apart.close(), offsets.close(), admin.close()]);
  }

  const deps = { kafka, log, readStarts };
  return {
    append: (records, settings) =>
      closing === undefined ? append(records, settings) : Promise.reject(new Unavailable('the event log is closed')),
    consume: (settings) => keep(startConsumption(deps, { ...settings, commits: true })),
    follow: (settings) =>
      keep(startFollowing({ ...deps, clientId: options.clientId, readEarliest, deleteGroup }, settings)),
    endOffsets,
    offsetsAt: (topic, timeMs) => offsets.read(topic, { timeMs }),
    committed: async (group, topic) => (await readCommitted(group, topic)).map((one) => one?.offset ?? null),
    rewind,
    async ping(deadlineMs) {
      const answer = admin.call('a ping', (connection) => connection.describeCluster(), deadlineMs);
      await within(deadlineMs, answer, () => new Unavailable(`no answer within ${deadlineMs} ms`));
    },
    createTopics: (topics) =>
      admin.call('making topics', (connection) => createTopics(connection, topics, options), TOPICS_DEADLINE_MS),
    checkTopics: (topics) => admin.call('checking topics', (connection) => checkTopics(connection, topics, options)),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function clientConfig({ brokers, clientId, ssl, sasl, log }: KafkaEventLogOptions): KafkaConfig {
  return {
    brokers: [...brokers],
    clientId,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // The adapter tries again by itself; these retries only bridge what lasts a moment.
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 500 },
    logLevel: logLevel.WARN,
    logCreator: kafkajsLogCreator(log),
  };
}
