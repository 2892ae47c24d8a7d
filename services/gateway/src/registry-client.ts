import {
  Registry,
  type EventTypeMessage,
  type SessionMessage,
  type TestWebhookMessage,
  type WebhookMessage,
  type WebhookSecretsMessage,
  type WebhookSettingsMessage,
} from '@hookline/contracts/grpc';
import { connectRegistry } from './grpc-calls.ts';
import type { Passed } from './http/route.ts';

/** The registry's calls. They reject with the errors that the registry meant, or with Unavailable. */
export interface RegistryClient {
  logIn(request: { username: string; password: string }, passed: Passed): Promise<SessionMessage>;
  changePassword(request: { currentPassword: string; newPassword: string }, passed: Passed): Promise<object>;
  createWebhook(request: { settings: WebhookSettingsMessage }, passed: Passed): Promise<WebhookMessage>;
  getWebhook(request: { id: string }, passed: Passed): Promise<WebhookMessage>;
  listWebhooks(
    request: { limit: number; cursor: string; eventType?: string; patternPrefix?: string; activeOnly?: boolean },
    passed: Passed,
  ): Promise<{ webhooks: WebhookMessage[]; nextCursor: string }>;
  countWebhooks(request: { eventType: string }, passed: Passed): Promise<{ count: number }>;
  replaceWebhook(
    request: { id: string; settings: WebhookSettingsMessage; ifRevision: number[] },
    passed: Passed,
  ): Promise<WebhookMessage>;
  deleteWebhook(request: { id: string; ifRevision: number[] }, passed: Passed): Promise<object>;
  setWebhookStatus(
    request: { id: string; action: 'ENABLE' | 'DISABLE' | 'PAUSE' | 'RESUME'; ifRevision: number[] },
    passed: Passed,
  ): Promise<WebhookMessage>;
  getWebhookSecrets(request: { id: string }, passed: Passed): Promise<WebhookSecretsMessage>;
  rotateWebhookSecret(
    request: { id: string; kind: 'SECRET' | 'SIGNING_KEY'; overlapMs?: number; secret: string },
    passed: Passed,
  ): Promise<WebhookSecretsMessage>;
  getPublicKeys(request: { id: string }, passed: Passed): Promise<{ keys: { kid: string; x: string }[] }>;
  verifyInbound(
    request: { id: string; eventType: string; body: Buffer; signature: string },
    passed: Passed,
  ): Promise<{ isSigned: boolean; isWanted: boolean }>;
  testWebhook(request: { id: string; type: string; data?: string }, passed: Passed): Promise<TestWebhookMessage>;
  putEventType(
    request: { eventType: EventTypeMessage; create: boolean; ifVersion: number[] },
    passed: Passed,
  ): Promise<EventTypeMessage>;
  getEventType(request: { name: string }, passed: Passed): Promise<EventTypeMessage>;
  listEventTypes(
    request: { limit: number; cursor: string },
    passed: Passed,
  ): Promise<{ eventTypes: EventTypeMessage[]; nextCursor: string }>;
  deleteEventType(request: { name: string; ifVersion: number[] }, passed: Passed): Promise<object>;
  /** Resolves if the registry can be reached within the deadline. */
  ping(deadlineMs: number): Promise<void>;
  close(): void;
}

export function createRegistryClient(address: string): RegistryClient {
  const { client, unary } = connectRegistry(Registry, address);

  return {
    logIn: unary('LogIn'),
    changePassword: unary('ChangePassword'),
    createWebhook: unary('CreateWebhook'),
    getWebhook: unary('GetWebhook'),
    listWebhooks: unary('ListWebhooks'),
    countWebhooks: unary('CountWebhooks'),
    replaceWebhook: unary('ReplaceWebhook'),
    deleteWebhook: unary('DeleteWebhook'),
    setWebhookStatus: unary('SetWebhookStatus'),
    getWebhookSecrets: unary('GetWebhookSecrets'),
    rotateWebhookSecret: unary('RotateWebhookSecret'),
    getPublicKeys: unary('GetPublicKeys'),
    verifyInbound: unary('VerifyInbound'),
    testWebhook: unary('TestWebhook'),
    putEventType: unary('PutEventType'),
    getEventType: unary('GetEventType'),
    listEventTypes: unary('ListEventTypes'),
    deleteEventType: unary('DeleteEventType'),
    ping: (deadlineMs) =>
      new Promise((resolve, reject) => {
        client.waitForReady(Date.now() + deadlineMs, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => client.close(),
  };
}
