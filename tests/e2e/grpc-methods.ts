import { credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { WebhookService } from '@hookline/contracts/grpc';
import type { Scope } from '@hookline/domain';

/* Every method of the gRPC API, as somebody calls it who wants what is another tenant's. */

export interface GrpcMethod {
  scope: Scope;
  /** Requests that name what is another tenant's, and how each has to end. */
  aimed: (ids: Readonly<Record<string, string>>) => [request: object, code: string][];
}

export const GRPC_METHODS: Readonly<Record<string, GrpcMethod>> = {
  RegisterWebhook: {
    scope: 'webhooks:write',
    aimed: () => [[{ namespace: 'mine', event: 'made', url: 'https://example.com/' }, 'OK']],
  },
  UnregisterWebhook: {
    scope: 'webhooks:write',
    aimed: ({ webhooks: webhookId }) => [[{ webhookId }, 'NOT_FOUND']],
  },
  ListWebhooks: {
    scope: 'webhooks:read',
    aimed: () => [
      [{}, 'OK'],
      [{ namespace: 'walked', event: 'by' }, 'OK'],
    ],
  },
  GetWebhookStatus: {
    scope: 'deliveries:read',
    aimed: ({ webhooks: webhookId, events: eventId }) => [
      [{ webhookId }, 'NOT_FOUND'],
      [{ eventId }, 'NOT_FOUND'],
    ],
  },
  PushEvent: {
    scope: 'events:publish',
    // From here on there is one of that id here, too, and it is another one.
    aimed: ({ events: id }) => [[{ namespace: 'walked', event: 'by', payload: '1', id }, 'OK']],
  },
  PushEvents: {
    scope: 'events:publish',
    aimed: ({ events: id }) => [[{ namespace: 'walked', event: 'by', payload: '1', id }, 'OK']],
  },
  WatchDeliveries: {
    scope: 'deliveries:read',
    aimed: ({ webhooks: webhook }) => [
      [{ webhooks: [webhook] }, 'NOT_FOUND'],
      [{}, 'OK'],
    ],
  },
};

/** What a call came to: how it ended, why, and all that was answered, as JSON. */
export interface GrpcOutcome {
  code: string;
  details: string;
  text: string;
}

export interface GrpcCaller {
  /** Of a stream that doesn't end: what comes first. @param token null: none */
  call(method: string, request: object, token: string | null): Promise<GrpcOutcome>;
  /** Watches deliveries until that is ended from there. */
  watch(request: object, token: string): { begun: Promise<void>; ended: Promise<GrpcOutcome> };
  close(): void;
}

type Answered = (error: ServiceError | null, answer?: object) => void;
type Method = (...parameters: unknown[]) => unknown;
/** A stream either way, as grpc-js has them. */
interface Stream {
  write(message: object): void;
  end(): void;
  cancel(): void;
  on(event: string, listener: (value: never) => void): void;
}

const DEADLINE_MS = 20_000;

/** @param address `host:port` */
export function createGrpcCaller(address: string): GrpcCaller {
  const client = new WebhookService(address, credentials.createInsecure());
  const definitions = WebhookService.service as Record<string, { requestStream: boolean; responseStream: boolean }>;

  function started(name: string, request: object, token: string | null, answered: Answered): void {
    const metadata = bearer(token);
    const options = { deadline: Date.now() + DEADLINE_MS };
    const method = (client as unknown as Record<string, Method>)[name]!.bind(client);
    const { requestStream, responseStream } = definitions[name]!;
    if (requestStream) {
      const stream = method(metadata, options, answered) as Stream;
      stream.write(request);
      stream.end();
    } else if (responseStream) {
      const stream = method(request, metadata, options) as Stream;
      stream.on('error', (error: ServiceError) => answered(error));
      stream.on('data', (message: object) => {
        answered(null, message);
        stream.cancel();
      });
    } else method(request, metadata, options, answered);
  }

  return {
    call: (name, request, token) =>
      new Promise((resolve) => {
        started(name, request, token, (error, answer) => {
          resolve(error === null ? { code: 'OK', details: '', text: JSON.stringify(answer) } : outcomeOf(error));
        });
      }),
    watch(request, token) {
      const stream = client.WatchDeliveries(request, bearer(token));
      return {
        begun: new Promise((resolve) => stream.on('data', () => resolve())),
        ended: new Promise((resolve) => stream.on('error', (error: ServiceError) => resolve(outcomeOf(error)))),
      };
    },
    close: () => client.close(),
  };
}

function bearer(token: string | null): Metadata {
  const metadata = new Metadata();
  if (token !== null) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

function outcomeOf({ code, details }: ServiceError): GrpcOutcome {
  return { code: status[code], details, text: '' };
}
