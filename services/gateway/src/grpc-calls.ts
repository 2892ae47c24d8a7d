import {
  credentials as channel,
  Metadata,
  type ChannelCredentials,
  type ChannelOptions,
  type Client,
  type requestCallback,
} from '@grpc/grpc-js';
import { MAX_MESSAGE_BYTES } from '@hookline/contracts/grpc';
import { errorOfGrpc } from '@hookline/service-kit/grpc';
import type { Passed } from './http/route.ts';

/** Longer than the registry waits for a receiver's consent and then for the change to be in the log. */
const DEADLINE_MS = 10_000;
/** A read changes nothing: whoever asks is told within 2 s that there is no answer. */
const READ_DEADLINE_MS = 1_900;

type UnaryCall<Response> = (
  request: object,
  metadata: Metadata,
  options: { deadline: number },
  answer: requestCallback<Response>,
) => void;

/** A client of one of the registry's services, and what makes functions of its calls: they reject with the errors that the registry meant, or with Unavailable. */
export function connectRegistry<Service extends Client>(
  Service: new (address: string, credentials: ChannelCredentials, options: ChannelOptions) => Service,
  address: string,
) {
  const client = new Service(address, channel.createInsecure(), {
    // By default a channel waits up to two minutes before it looks for a server that went away.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.min_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    // Over all copies of the registry that the name stands for.
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  });

  function unary<Response>(
    method: Exclude<keyof Service, keyof Client>,
  ): (request: object, passed: Passed) => Promise<Response> {
    const deadlineMs = /^(?:Get|List|Count)/.test(String(method)) ? READ_DEADLINE_MS : DEADLINE_MS;
    const invoke = (client[method] as CallableFunction).bind(client) as UnaryCall<Response>;
    return (request, passed) => {
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(passed)) metadata.set(name, value as string);
      return new Promise((resolve, reject) => {
        invoke(request, metadata, { deadline: Date.now() + deadlineMs }, (error, answer) => {
          if (error !== null) reject(errorOfGrpc(error, 'registry'));
          else resolve(answer as Response);
        });
      });
    };
  }

  return { client, unary };
}
