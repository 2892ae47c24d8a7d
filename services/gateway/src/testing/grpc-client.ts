import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { WebhookService, type WebhookServiceClient } from '@hookline/contracts/grpc';
import { tokenOf } from './scene.ts';

/** Calls the gateway's gRPC API as a tenant's service does. */
export interface GrpcClient {
  client: WebhookServiceClient;
  /** Rejects with what the client's library shows. @param token null: none */
  call<Answer>(method: UnaryMethod, request: object, token?: string | null): Promise<Answer>;
  /** Watches deliveries; what comes is in `messages`, how it ended in `error`. */
  watch(request: object, token?: string): Watching;
  /** Opens the stream, sends all of them, and resolves with the answer. */
  pushAll<Answer>(requests: readonly object[], token?: string): Promise<Answer>;
  close(): void;
}

export interface Watching {
  messages: { updates: { deliveryId: string }[]; cursor: string; gap: boolean }[];
  deliveries(): string[];
  error?: ServiceError;
  cancel(): void;
}

type UnaryMethod = 'RegisterWebhook' | 'UnregisterWebhook' | 'ListWebhooks' | 'PushEvent' | 'GetWebhookStatus';

type Answered = (error: ServiceError | null, answer?: object) => void;
type Unary = (request: object, metadata: Metadata, options: { deadline: number }, answered: Answered) => void;

const DEADLINE_MS = 20_000;

export function createGrpcClient(port: number): GrpcClient {
  const client = new WebhookService(`127.0.0.1:${port}`, credentials.createInsecure());
  const options = () => ({ deadline: Date.now() + DEADLINE_MS });
  return {
    client,
    call: (method, request, token = tokenOf('default')) =>
      new Promise((resolve, reject) => {
        const unary = client[method].bind(client) as unknown as Unary;
        unary(request, bearer(token), options(), (error, answer) => {
          if (error === null) resolve(answer as never);
          else reject(error);
        });
      }),
    watch(request, token = tokenOf('default')) {
      const stream = client.WatchDeliveries(request, bearer(token));
      const watching: Watching = {
        messages: [],
        deliveries: () => watching.messages.flatMap(({ updates }) => updates.map(({ deliveryId }) => deliveryId)),
        cancel: () => stream.cancel(),
      };
      stream.on('data', (message: Watching['messages'][number]) => watching.messages.push(message));
      stream.on('error', (error: ServiceError) => (watching.error = error));
      return watching;
    },
    pushAll: (requests, token = tokenOf('default')) =>
      new Promise((resolve, reject) => {
        const stream = client.PushEvents(bearer(token), options(), (error, answer) => {
          if (error === null) resolve(answer as never);
          else reject(error);
        });
        for (const request of requests) stream.write(request);
        stream.end();
      }),
    close: () => client.close(),
  };
}

export function bearer(token: string | null): Metadata {
  const metadata = new Metadata();
  if (token !== null) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}
