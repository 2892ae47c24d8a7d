import { credentials as channel, type requestCallback } from '@grpc/grpc-js';
import {
  Access,
  quotasOfMessage,
  type FoundApiKeyMessage,
  type QuotaChangesMessage,
  type RevocationsMessage,
} from '@hookline/contracts/grpc';
import type { Credentials, QuotaSource } from '@hookline/service-kit';
import { errorOfGrpc } from '@hookline/service-kit/grpc';

/** As long as anybody waits for it. */
const DEADLINE_MS = { findApiKey: 1_000, listRevocations: 2_000, listQuotas: 2_000 };

type Method = keyof typeof DEADLINE_MS;
type Call<Response> = (request: object, options: { deadline: number }, answer: requestCallback<Response>) => void;

/** API keys, revocations and quotas as the registry knows them, asked over gRPC. */
export function createRegistryCredentials(address: string): Credentials & QuotaSource & { close(): Promise<void> } {
  const client = new Access(address, channel.createInsecure(), {
    // By default a channel waits up to two minutes before it looks for a server that went away.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.min_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    'grpc.keepalive_time_ms': 30_000,
    // Over all copies of the registry that the name stands for.
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  });

  function ask<Response>(method: Method, request: object): Promise<Response> {
    const call = client[method].bind(client) as Call<Response>;
    return new Promise((resolve, reject) => {
      call(request, { deadline: Date.now() + DEADLINE_MS[method] }, (error, answer) => {
        if (error !== null) reject(errorOfGrpc(error, 'registry'));
        else resolve(answer as Response);
      });
    });
  }

  return {
    async findApiKey(hash) {
      const { id, tenant, scopes, expiresAtMs, rateLimit } = await ask<FoundApiKeyMessage>('findApiKey', { hash });
      if (id === '') return null;
      return { id, tenant, scopes, expiresAtMs: expiresAtMs === 0 ? null : expiresAtMs, rateLimit };
    },
    revocations: (cursor) => ask<RevocationsMessage>('listRevocations', { cursor }),
    async quotaChanges(cursor) {
      const { changes, ...others } = await ask<QuotaChangesMessage>('listQuotas', { cursor });
      return {
        ...others,
        changes: changes.map(({ tenant, overrides }) => ({ tenant, overrides: quotasOfMessage(overrides) })),
      };
    },
    close: async () => client.close(),
  };
}
