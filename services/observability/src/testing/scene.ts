import { join } from 'node:path';
import {
  encodeAttempt,
  encodeDeadLetter,
  GROUP,
  TOPIC,
  TOPICS,
  type Attempt,
  type DeadLetter,
  type StateChange,
} from '@hookline/contracts';
import { migrate, openDatabase, type Database } from '@hookline/database';
import { createId, deliveryId, systemClock, type Event } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog, createMetrics, createTokens, loadConfig } from '@hookline/service-kit';
import { createTempDir, eventually, startKafka, startPostgres, type PostgresPart } from '@hookline/testkit';
import { afterEach, expect } from '@jest/globals';
import { createObservability, observabilityConfig, type Observability } from '../index.ts';

export const MIGRATIONS = join(import.meta.dirname, '../../../../migrations');
const SECRET = 'a-secret-of-at-least-32-characters!';
/** The log has no place for times long past, so this is this morning's. */
export const T = Math.floor(Date.now() / 86_400_000) * 86_400_000;
export const log = createLog('observability', 'silent');
const tokens = createTokens(SECRET, 3_600_000);

export interface Stores {
  eventLog: EventLog;
  database: Database;
  /** Where there is one of its own, to be killed. */
  postgres?: PostgresPart;
  close: () => Promise<void>;
}

const running: Observability[] = [];
export const failures: Error[] = [];
const fail = (error: Error) => void failures.push(error);

/** To be called at the top of a test file: closes what its tests have started, and expects that nothing failed by itself. */
export function closeAfterEach(): void {
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.close(Date.now() + 2_000)));
    expect(failures).toEqual([]);
  });
}

export async function startOn({ eventLog, database }: Pick<Stores, 'eventLog' | 'database'>, settings = {}) {
  const env = {
    OBSERVABILITY_PORT: '0',
    SECURITY_JWT_SECRET: SECRET,
    SECURITY_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    ...settings,
  };
  const config = loadConfig(observabilityConfig, { env });
  const metrics = createMetrics('observability');
  const service = createObservability({ config, log, metrics, clock: systemClock, eventLog, database, fail });
  running.push(service);
  await service.start();
  return { service, base: `http://127.0.0.1:${service.port}`, metrics };
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown> & { data: Record<string, unknown>[]; next_cursor: string | null };
}

export interface Asking {
  tenant?: string;
  scopes?: string[];
  body?: object;
}

const ALL_SCOPES = ['deliveries:read', 'deliveries:retry', 'audit:read'];

export async function ask(base: string, method: string, path: string, asking: Asking = {}): Promise<Answer> {
  const { tenant = 'acme', scopes = ALL_SCOPES, body } = asking;
  const { token } = tokens.issue({ tenant, subject: 'usr_1', scopes });
  const response = await fetch(base + path, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isOne = text !== '' && response.headers.get('content-type') !== 'application/x-ndjson';
  const parsed = isOne ? (JSON.parse(text) as object) : {};
  return { status: response.status, headers: response.headers, text, body: parsed as Answer['body'] };
}

export function get(base: string, path: string, tenant = 'acme', scopes = ALL_SCOPES): Promise<Answer> {
  return ask(base, 'GET', path, { tenant, scopes });
}

let sequence = 0;
export const nextId = (label: string) => `${label}-${++sequence}`;

export function newEvent(settings: Partial<Event> = {}): Event {
  const id = settings.id ?? nextId('event');
  const acceptedAtMs = T + sequence;
  const time = new Date(acceptedAtMs).toISOString();
  const data = Buffer.from(`{"id": "${id}", "n":1.0}`);
  return {
    tenant: 'acme',
    id,
    type: 'order.created',
    source: '/shop',
    time,
    data,
    contentType: 'application/json',
    acceptedAtMs,
    ...settings,
  };
}

export function newAttempt(event: Event, webhookId: string, number: number, settings: Partial<Attempt> = {}): Attempt {
  return {
    id: createId('att'),
    tenant: event.tenant,
    deliveryId: deliveryId(event.tenant, event.id, webhookId),
    eventId: event.id,
    eventType: event.type,
    webhookId,
    acceptedAtMs: event.acceptedAtMs,
    number,
    trigger: 'automatic',
    url: 'http://receiver.test/hook',
    state: 'succeeded',
    nextAttemptAtMs: null,
    deadReason: null,
    startedAtMs: event.acceptedAtMs + number * 1_000,
    durationMs: 12,
    status: 200,
    failure: null,
    error: null,
    responseBody: 'ok',
    retryAfterMs: null,
    ...settings,
  };
}

/** Its delivery was deferred before any attempt. */
export function newState(event: Event, webhookId: string, settings: Partial<StateChange> = {}): StateChange {
  return {
    tenant: event.tenant,
    deliveryId: deliveryId(event.tenant, event.id, webhookId),
    eventId: event.id,
    eventType: event.type,
    webhookId,
    acceptedAtMs: event.acceptedAtMs,
    state: 'deferred',
    reason: 'scheduled',
    attempts: 0,
    nextAttemptAtMs: null,
    atMs: T + 1_000,
    ...settings,
  };
}

export const failedWith = (status: number, nextAttemptAtMs: number): Partial<Attempt> => ({
  state: 'retrying',
  status,
  failure: 'server_error',
  nextAttemptAtMs,
});

export function newLetter(event: Event, webhookId: string, settings: Partial<DeadLetter> = {}): DeadLetter {
  return {
    deliveryId: deliveryId(event.tenant, event.id, webhookId),
    webhookId,
    event,
    reason: 'attempts_exhausted',
    attempts: 1,
    firstAttemptAtMs: event.acceptedAtMs + 1_000,
    deadAtMs: event.acceptedAtMs + 60_000,
    ...settings,
  };
}

/** What the topics say of a delivery whose only attempt failed for good. */
export function deathOf(event: Event, webhookId: string, settings: Partial<DeadLetter> = {}) {
  const letter = newLetter(event, webhookId, settings);
  const attempt = newAttempt(event, webhookId, letter.attempts, {
    state: 'dead',
    status: 500,
    failure: 'server_error',
    deadReason: letter.reason,
  });
  return { id: letter.deliveryId, records: [encodeAttempt(attempt), encodeDeadLetter(letter)] };
}

/** Resolves when all that is in the topics has been dealt with. */
export async function settled(eventLog: EventLog): Promise<void> {
  for (const topic of [TOPIC.events, TOPIC.attempts, TOPIC.deadLetters]) {
    const ends = await eventLog.endOffsets(topic);
    await eventually(
      async () => {
        const committed = await eventLog.committed(GROUP.observability, topic);
        expect(ends.map((end, at) => Math.min(end, committed[at] ?? 0))).toEqual(ends);
      },
      { timeoutMs: 30_000 },
    );
  }
}

export async function openOnPostgres(url: string): Promise<Stores> {
  const database = await openDatabase({ url });
  await migrate(database, MIGRATIONS);
  const eventLog = createPostgresEventLog({ database, log });
  await eventLog.createTopics(TOPICS);
  return {
    eventLog,
    database,
    async close() {
      await eventLog.close();
      await database.close();
    },
  };
}

export async function openOnPglite(): Promise<Stores> {
  const folder = await createTempDir('observability');
  const database = await openDatabase({ dataDir: folder.path });
  await migrate(database, MIGRATIONS);
  const eventLog = createPostgresEventLog({ database, log });
  await eventLog.createTopics(TOPICS);
  return {
    eventLog,
    database,
    async close() {
      await eventLog.close();
      await database.close();
      await folder.remove();
    },
  };
}

export async function openOnKafka(): Promise<Stores> {
  const [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
  const database = await openDatabase({ url: postgres.url });
  await migrate(database, MIGRATIONS);
  const eventLog = createKafkaEventLog({ brokers: kafka.brokers, clientId: 'observability-test', log });
  await eventLog.createTopics(TOPICS);
  return {
    eventLog,
    database,
    postgres,
    async close() {
      await eventLog.close();
      await database.close();
      await Promise.all([kafka.stop(), postgres.stop()]);
    },
  };
}
