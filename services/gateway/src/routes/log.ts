import { readBody } from '@hookline/service-kit';
import type { Upstream } from '../forward.ts';
import type { Call, DirectCall, Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';

/** What observability reads of a body. */
const MAX_BODY_BYTES = 64 * 1024;

export interface LogRoutesDependencies {
  registry: RegistryClient;
  observability: Upstream;
}

type IdOf = (call: Call) => Promise<string>;

/** What became of events, and what is to become of them: observability answers, in its own words. */
export function logRoutes({ registry, observability }: LogRoutesDependencies): Route[] {
  const forward = (
    method: Route['method'],
    path: string,
    access: Route['access'],
    idOf: IdOf = async ({ id }) => id,
  ): Route => ({
    method,
    path,
    access,
    async handle(call) {
      const id = await idOf(call);
      // Made from what was matched: `..` in a client's path leads nowhere else.
      const target = path.replace('{id}', encodeURIComponent(id)) + queryOf(call);
      const what = { path: target, passed: call.passed };
      if (method === 'GET') return observability.forward(call.request, call.response, what);
      const body = await readBody(call.request, MAX_BODY_BYTES);
      await observability.forward(call.request, call.response, { ...what, body });
    },
  });
  const read = (path: string, idOf?: IdOf) => forward('GET', path, 'deliveries:read', idOf);
  const command = (method: 'POST' | 'DELETE', path: string) => forward(method, path, 'deliveries:retry');
  // Observability knows of deliveries only: which webhook is meant, and that there is one, perhaps without any, the registry says.
  const webhookOf: IdOf = async ({ id, passed }) => (await registry.getWebhook({ id }, passed)).id;

  return [
    read('/api/v1/events'),
    read('/api/v1/events/{id}'),
    read('/api/v1/webhooks/{id}/deliveries', webhookOf),
    read('/api/v1/webhooks/{id}/stats', webhookOf),
    read('/api/v1/deliveries'),
    read('/api/v1/deliveries/{id}'),
    read('/api/v1/dead-letters'),
    read('/api/v1/dead-letters/{id}'),
    command('POST', '/api/v1/events/{id}/cancel'),
    command('DELETE', '/api/v1/events/{id}/content'),
    command('POST', '/api/v1/deliveries/{id}/retry'),
    command('POST', '/api/v1/deliveries/{id}/cancel'),
    command('POST', '/api/v1/dead-letters/{id}/replay'),
    command('POST', '/api/v1/dead-letters/{id}/resolve'),
    command('DELETE', '/api/v1/dead-letters'),
    command('POST', '/api/v1/recoveries'),
    read('/api/v1/recoveries'),
    read('/api/v1/recoveries/{id}'),
    command('POST', '/api/v1/recoveries/{id}/pause'),
    command('POST', '/api/v1/recoveries/{id}/resume'),
    command('POST', '/api/v1/recoveries/{id}/cancel'),
  ];
}

export function queryOf({ request: { url = '' } }: Pick<DirectCall, 'request'>): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
}
