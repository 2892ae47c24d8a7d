import { credentials, Metadata, type Client, type requestCallback } from '@grpc/grpc-js';
import { decodeChange, TOPIC, TOPICS } from '@hookline/contracts';
import {
  Registry,
  type RegistryClient,
  type WebhookMessage,
  type WebhookSecretsMessage,
  type WebhookSettingsMessage,
} from '@hookline/contracts/grpc';
import { migrate, type Database } from '@hookline/database';
import { systemClock } from '@hookline/domain';
import type { EventLog, LogRecord } from '@hookline/event-log';
import { createLog, createMetrics, createTokens, loadConfig } from '@hookline/service-kit';
import { errorOfGrpc } from '@hookline/service-kit/grpc';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { registryConfig } from '../config.ts';
import { createRegistry, type RegistryService } from '../service.ts';

const MIGRATIONS = join(import.meta.dirname, '../../../../migrations');
const JWT_SECRET = 'a secret of the tests, long enough for HS256';
export const ADMIN_PASSWORD = 'correct horse';

const log = createLog('registry', 'error');

/** A running registry and a client of it. */
export interface Scene {
  service: RegistryService;
  client: RegistryClient;
  /** @throws what the gateway would make of the answer */
  call<Method extends Exclude<keyof RegistryClient, keyof Client>>(
    method: Method,
    request: object,
    token?: string,
  ): Promise<Answer<Method>>;
  stop(): Promise<void>;
}

interface Answers {
  LogIn: { token: string; expiresIn: number };
  ListWebhooks: { webhooks: WebhookMessage[]; nextCursor: string };
  CreateWebhook: WebhookMessage;
  GetWebhook: WebhookMessage;
  ReplaceWebhook: WebhookMessage;
  SetWebhookStatus: WebhookMessage;
  GetWebhookSecrets: WebhookSecretsMessage;
  RotateWebhookSecret: WebhookSecretsMessage;
  GetPublicKeys: { keys: { kid: string; x: string }[] };
}
type UnaryCall = (request: object, metadata: Metadata, answer: requestCallback<object>) => void;
type Answer<Method> = Method extends keyof Answers ? Answers[Method] : object;

export const tokens = createTokens(JWT_SECRET, 3_600_000);
const bearer = (tenant: string, scopes: string[]) => tokens.issue({ tenant, subject: 'usr_x', scopes }).token;
export const TOKEN = {
  default: bearer('default', ['webhooks:read', 'webhooks:write']),
  other: bearer('other', ['webhooks:read', 'webhooks:write']),
  reader: bearer('default', ['webhooks:read']),
};

export function configWith(env: Record<string, string> = {}) {
  return loadConfig(registryConfig, {
    env: {
      SECURITY_JWT_SECRET: JWT_SECRET,
      SECURITY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      SECURITY_ADMIN_PASSWORD: ADMIN_PASSWORD,
      REGISTRY_GRPC_PORT: '0',
      REGISTRY_PORT: '0',
      ...env,
    },
  });
}

export async function prepare(database: Database, open: (database: Database) => EventLog): Promise<EventLog> {
  await migrate(database, MIGRATIONS);
  await database.query(`INSERT INTO tenants (id) VALUES ('other')`);
  const eventLog = open(database);
  await eventLog.createTopics(TOPICS);
  return eventLog;
}

export async function openScene(
  database: Database,
  eventLog: EventLog,
  env: Record<string, string> = {},
): Promise<Scene> {
  const service = createRegistry({
    config: configWith(env),
    database,
    eventLog,
    log,
    metrics: createMetrics('registry'),
    clock: systemClock,
    fail: (error) => {
      throw error;
    },
  });
  await service.start();
  const client = new Registry(`127.0.0.1:${service.grpcPort()}`, credentials.createInsecure());
  return {
    service,
    client,
    call(method, request, token) {
      const metadata = new Metadata();
      if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
      return new Promise((resolve, reject) => {
        const invoke = client[method].bind(client) as unknown as UnaryCall;
        invoke(request, metadata, (error, answer) => {
          if (error === null) resolve(answer as never);
          else reject(errorOfGrpc(error, 'registry'));
        });
      });
    },
    async stop() {
      client.close();
      await service.close(Date.now() + 2_000);
    },
  };
}

/** Everything on a topic of one partition, as it is now. */
export async function recordsOf(eventLog: EventLog, topic: string): Promise<LogRecord[]> {
  const [end = 0] = await eventLog.endOffsets(topic);
  const records: LogRecord[] = [];
  const following = await eventLog.follow({
    topic,
    received: async (some) => void records.push(...some),
    onFailure: (error) => {
      throw error;
    },
  });
  while ((following.position()[0] ?? 0) < end) await delay(5);
  await following.close();
  return records;
}

/** `webhook.changes`, decoded. */
export async function changesOf(eventLog: EventLog) {
  return (await recordsOf(eventLog, TOPIC.changes)).map(decodeChange);
}

export function settings(more: object = {}): WebhookSettingsMessage {
  const { url, eventTypes } = { url: 'https://example.com/hook', eventTypes: ['order.*'] };
  const absent = { delivery: null, authorization: null, clientCertificate: null };
  return { url, eventTypes, headers: {}, metadata: {}, ...absent, ...more };
}
