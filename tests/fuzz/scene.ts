import { randomBytes } from 'node:crypto';
import { SCOPES } from '@hookline/domain';
import { createTokens } from '@hookline/service-kit';
import { createConnectProxy, createReceiver, eventually } from '@hookline/testkit';
import { logIn, type Api } from '../api.ts';
import type { Mode } from '../e2e/modes.ts';
import { startPlatform } from '../e2e/modes.ts';
import type { Aims } from './aim.ts';

/** A platform with something in it, that reaches nothing but a receiver of ours. */
export interface Scene {
  gatewayUrl: string;
  /** May everything, and is of no login and no key that could be ended. */
  token: string;
  aims: Aims;
  /** Resolves with what did not end well. */
  stop(): Promise<string[]>;
}

const HOURS_MS = 6 * 3_600_000;
const EVENTS = 12;
/** Fewer than open the breaker of the webhook that fails. */
const DEAD_LETTERS = 4;
/** So that the platform is asked, and not its limits. */
const GENEROUS = {
  GATEWAY_ANONYMOUS_PER_MINUTE: '1000000',
  GATEWAY_REQUESTS_PER_MINUTE: '1000000',
  INGESTION_ANONYMOUS_PER_MINUTE: '1000000',
};

export async function createScene(mode: Mode): Promise<Scene> {
  const receiver = await createReceiver({
    respond: ({ path }) => ({ status: path === '/fail' ? 500 : 200 }),
  });
  // Whatever URL comes to be made up: requests go out through here only.
  const proxy = await createConnectProxy((host) => (host === `127.0.0.1:${receiver.port}` ? 200 : 403));
  const outside = { DISPATCHER_PROXY: proxy.url, DISPATCHER_NAME_SERVERS: '127.0.0.1:9' };
  const closeOutside = () => Promise.all([proxy.close(), receiver.close()]);
  try {
    const secret = randomBytes(48).toString('base64');
    const platform = await startPlatform(mode, { SECURITY_JWT_SECRET: secret, ...GENEROUS, ...outside });
    const whoever = { tenant: 'default', subject: 'usr_fuzz', scopes: SCOPES };
    const { token } = createTokens(secret, HOURS_MS).issue(whoever);
    const api = await logIn(platform.gatewayUrl, platform.password);
    const stop = async () => {
      const problems = await platform.stop();
      await closeOutside();
      return problems;
    };
    try {
      return { gatewayUrl: platform.gatewayUrl, token, aims: await furnish(api, receiver.url), stop };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    await closeOutside();
    throw error;
  }
}

/** Webhooks, events, deliveries and dead letters to ask for. */
async function furnish(api: Api, receiverUrl: string): Promise<Aims> {
  await api.createWebhook({ uid: 'orders', url: `${receiverUrl}/ok`, event_types: ['order.*'] });
  await api.createWebhook({ uid: 'failing', url: `${receiverUrl}/fail`, event_types: ['*'], max_retries: 0 });
  const events = Array.from({ length: EVENTS }, (_, index) => `order-${index + 1}`);
  for (const id of events) await api.publish(id, 'order.created', '{"total":19.9}');
  const key = { name: 'shop', scopes: ['events:publish'] };
  const user = { tenant: 'default', username: 'grace', password: 'a-long-passphrase', scopes: ['webhooks:read'] };
  const deliveries = await idsOf(api, '/api/v1/deliveries', 2 * EVENTS);
  const deadLetters = await idsOf(api, '/api/v1/dead-letters', DEAD_LETTERS);
  return {
    urls: ['/ok', '/fail'].map((path) => receiverUrl + path),
    ids: {
      '/api/v1/webhooks': ['orders', 'failing'],
      '/api/v1/events': events,
      '/api/v1/event-types': ['order.created', 'order.paid'],
      '/api/v1/deliveries': deliveries,
      '/api/v1/dead-letters': deadLetters,
      '/api/v1/api-keys': [(await make<{ id: string }>(api, '/api/v1/api-keys', key)).id],
      '/api/v1/users': [(await make<{ id: string }>(api, '/api/v1/users', user)).id],
    },
  };
}

async function make<Made>(api: Api, path: string, body: object): Promise<Made> {
  const answer = await api.call<Made>('POST', path, body);
  if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

function idsOf(api: Api, path: string, count: number): Promise<string[]> {
  return eventually(
    async () => {
      const { body } = await api.call<{ data: { id: string }[] }>('GET', `${path}?limit=200`);
      if (body.data.length < count) throw new Error(`${path} has ${body.data.length} of ${count}`);
      return body.data.map(({ id }) => id);
    },
    { timeoutMs: 60_000 },
  );
}
