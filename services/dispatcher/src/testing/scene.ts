import { randomBytes } from 'node:crypto';
import {
  decodeAttempt,
  type DecodedAttempt,
  decodeDeadLetter,
  decodeRetry,
  encodeChange,
  encodeEvent,
  encodeRetry,
  GROUP,
  TOPIC,
  TOPICS,
  type Attempt,
  type DeadLetter,
  type Retry,
  type StateChange,
  type WebhookChange,
} from '@hookline/contracts';
import { createId, deliveryId, systemClock, type Event } from '@hookline/domain';
import type { EventLog, LogRecord } from '@hookline/event-log';
import { createLog, createMetrics, createSealing, loadConfig } from '@hookline/service-kit';
import { createReceiver, eventually, type Receiver, type ReceiverOptions } from '@hookline/testkit';
import { dispatcherConfig } from '../config.ts';
import { createDispatcher, type Dispatcher } from '../service.ts';
import { limits } from './limits.ts';
import { openKafka, type SceneStore } from './stores.ts';

const log = createLog('test', 'silent');
const KEY = randomBytes(32).toString('base64');
/** Of every webhook. */
export const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const sealing = createSealing(KEY);

/** Dispatchers on a store of their own, and all that they write. */
export interface Scene {
  eventLog: EventLog;
  /** What a dispatcher needs that runs as a process of its own, stores beside Kafka left out. */
  env: Record<string, string>;
  /** One more copy. @param hinder what stands between it and its event log */
  start(env?: Record<string, string>, hinder?: (eventLog: EventLog) => EventLog): Promise<Dispatcher>;
  /** The oldest copy. */
  stop(graceMs: number): Promise<void>;
  /** All copies, and the receivers. */
  stopAll(graceMs?: number): Promise<void>;
  receive(respond?: ReceiverOptions['respond']): Promise<Receiver>;
  /** A webhook of its own event type, or another version of one. */
  register(url: string, parts?: Partial<WebhookChange>): Promise<string>;
  /** As the registry seals what is part of a webhook. */
  seal(value: unknown, context: string): string;
  deleteWebhook(webhookId: string): Promise<void>;
  /** A change that no dispatcher can read. */
  spoil(webhookId: string): Promise<void>;
  event(webhookId: string, parts?: Partial<Event>): Event;
  /** Returns the id of its delivery. */
  publish(webhookId: string, parts?: Partial<Event>): Promise<string>;
  /** As the retry manager does. */
  handOver(retry: Retry): Promise<void>;
  attemptsOf(delivery: string): Attempt[];
  statesOf(delivery: string): StateChange[];
  /** null: a tombstone. */
  retriesOf(delivery: string): (Retry | null)[];
  deadLettersOf(delivery: string): DeadLetter[];
  rejected(): LogRecord[];
  /** Resolves when what is in the topic now has been seen here. */
  seenAll(topic: string): Promise<void>;
  /** Resolves when everything of the topic is committed. */
  committed(topic: string): Promise<void>;
  /** Of loops that ended. */
  failures: Error[];
  close(): Promise<void>;
}

export async function createScene(openStore: () => Promise<SceneStore> = openKafka): Promise<Scene> {
  const store = await openStore();
  const eventLog = store.open();
  await eventLog.createTopics(TOPICS);
  const failures: Error[] = [];
  const running: { dispatcher: Dispatcher; own: EventLog }[] = [];
  const receivers: Receiver[] = [];
  const seen: Record<string, LogRecord[]> = {};
  let revision = 0;
  for (const topic of [TOPIC.attempts, TOPIC.retries, TOPIC.deadLetters, TOPIC.rejected]) {
    const records: LogRecord[] = (seen[topic] = []);
    await eventLog.follow({
      topic,
      received: async (more) => void records.push(...more),
      onFailure: (error) => failures.push(error),
    });
  }

  const of = (topic: string, key: string) => (seen[topic] ?? []).filter((record) => record.key === key);

  /** In the order in which they happened; they lie in any. */
  function decodedAttempts(delivery: string) {
    return (seen[TOPIC.attempts] ?? [])
      .map((record) => {
        const decoded = decodeAttempt(record);
        if (decoded.kind === 'unreadable') throw new Error(decoded.reason);
        return decoded;
      })
      .filter((decoded) => (decoded.kind === 'attempt' ? decoded.attempt : decoded.change).deliveryId === delivery)
      .toSorted((a, b) => happenedAtMs(a) - happenedAtMs(b));
  }

  function event(webhookId: string, parts: Partial<Event> = {}): Event {
    return {
      tenant: 'default',
      id: createId('evt'),
      type: typeOf(webhookId),
      source: '/test',
      time: '2026-01-02T03:04:05Z',
      data: Buffer.from('{}'),
      contentType: 'application/json',
      acceptedAtMs: Date.now(),
      ...parts,
    };
  }

  const secrets = { SECURITY_ENCRYPTION_KEY: KEY, SECURITY_ALLOW_NETWORKS: '127.0.0.0/8' };
  const scene: Scene = {
    eventLog,
    env: { ...secrets, ...store.env },
    failures,
    event,
    async start(env = {}, hinder = (own) => own) {
      const own = store.open();
      const config = loadConfig(dispatcherConfig, {
        env: { DISPATCHER_PORT: '0', ...secrets, ...env },
      });
      const dispatcher = createDispatcher({
        config,
        eventLog: hinder(own),
        limits,
        localLimits: limits,
        log,
        metrics: createMetrics('dispatcher'),
        clock: systemClock,
        fail: (error) => failures.push(error),
      });
      await dispatcher.start();
      running.push({ dispatcher, own });
      return dispatcher;
    },
    async stop(graceMs) {
      const oldest = running.shift();
      await oldest?.dispatcher.close(Date.now() + graceMs);
      await oldest?.own.close();
    },
    async stopAll(graceMs = 3_000) {
      while (running.length > 0) await scene.stop(graceMs);
      for (const receiver of receivers.splice(0)) await receiver.close();
    },
    async receive(respond) {
      const receiver = await createReceiver(respond === undefined ? {} : { respond });
      receivers.push(receiver);
      return receiver;
    },
    async register(url, parts = {}) {
      const id = parts.id ?? createId('wh');
      await eventLog.append([
        encodeChange(id, ++revision, {
          id,
          tenant: 'default',
          url,
          eventTypes: [typeOf(id)],
          sealedHeaders: sealing.seal('{}', `headers:${id}`),
          sealedSecrets: sealing.seal(JSON.stringify([SECRET]), `secrets:${id}`),
          status: 'enabled',
          policy: 'quick',
          ...parts,
        }),
      ]);
      return id;
    },
    seal: (value, context) => sealing.seal(JSON.stringify(value), context),
    async spoil(webhookId) {
      const change = encodeChange(webhookId, ++revision, null);
      await eventLog.append([{ ...change, value: Buffer.from('{"status":"of tomorrow"}') }]);
    },
    async deleteWebhook(webhookId) {
      await eventLog.append([encodeChange(webhookId, ++revision, null)]);
    },
    async publish(webhookId, parts) {
      const published = event(webhookId, parts);
      await eventLog.append([encodeEvent(published)]);
      return deliveryId(published.tenant, published.id, webhookId);
    },
    async handOver(retry) {
      await eventLog.append([{ ...encodeRetry(retry), topic: TOPIC.deliveries }]);
    },
    attemptsOf: (delivery) =>
      decodedAttempts(delivery).flatMap((decoded) => (decoded.kind === 'attempt' ? [decoded.attempt] : [])),
    statesOf: (delivery) =>
      decodedAttempts(delivery).flatMap((decoded) => (decoded.kind === 'state' ? [decoded.change] : [])),
    retriesOf: (delivery) =>
      of(TOPIC.retries, delivery).map((record) => {
        const decoded = decodeRetry(record);
        if (decoded.kind === 'unreadable') throw new Error(decoded.reason);
        return decoded.kind === 'retry' ? decoded.retry : null;
      }),
    deadLettersOf: (delivery) =>
      of(TOPIC.deadLetters, delivery).map((record) => {
        const decoded = decodeDeadLetter(record);
        if (decoded.kind !== 'dead_letter') throw new Error(decoded.reason);
        return decoded.letter;
      }),
    rejected: () => seen[TOPIC.rejected] ?? [],
    async seenAll(topic) {
      const total = (await eventLog.endOffsets(topic)).reduce((sum, end) => sum + end, 0);
      await eventually(() => {
        const missing = total - (seen[topic] ?? []).length;
        if (missing > 0) throw new Error(`${missing} records of ${topic} have not been seen`);
      });
    },
    async committed(topic) {
      await eventually(async () => {
        const [ends, done] = await Promise.all([
          eventLog.endOffsets(topic),
          eventLog.committed(GROUP.dispatcher, topic),
        ]);
        const open = ends.filter((end, partition) => (done[partition] ?? 0) < end);
        if (open.length > 0) throw new Error(`${open.length} partitions of ${topic} are not committed`);
      });
    },
    async close() {
      await scene.stopAll();
      await eventLog.close();
      await store.close();
    },
  };
  return scene;
}

/** Each webhook listens to a type of its own. */
function typeOf(webhookId: string): string {
  return `of.${webhookId}`;
}

function happenedAtMs(decoded: Exclude<DecodedAttempt, { kind: 'unreadable' }>): number {
  return decoded.kind === 'attempt' ? decoded.attempt.startedAtMs + decoded.attempt.durationMs : decoded.change.atMs;
}
