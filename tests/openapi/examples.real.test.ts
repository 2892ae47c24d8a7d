import { SCOPES } from '@hookline/domain';
import { createReceiver, eventually, type Receiver } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { logIn, type Api } from '../api.ts';
import { startPlatform, type RunningPlatform } from '../e2e/modes.ts';
import { operations, strayFrom, type Located } from './document.ts';
import { exampleRequests, type ExampleRequest } from './example.ts';

/*
 * Every example of the document, run against a platform, in an order in which each finds what it is about. A route that has none, or that answers
 * otherwise than the document says, fails here.
 */

let receiver: Receiver;
let platform: RunningPlatform;
let api: Api;
/** May everything, and outlives every logout. */
let key: string;
/** What stands in place of the document's ids and secrets that are made by chance, and of its receiver. */
const named = new Map<string, string>();

const operationOf = (id: string) => operations.find(({ operation }) => operation.operationId === id)!.operation;

const pathExampleOf = (id: string) =>
  String(operationOf(id).parameters?.find((parameter) => parameter.in === 'path')?.example);

function bodyExampleOf(id: string): Record<string, string> {
  const [body] = Object.values(operationOf(id).requestBody?.content ?? {});
  return body?.example as Record<string, string>;
}

async function make<Made>(path: string, body: object): Promise<Made> {
  const answer = await api.call<Made>('POST', path, body);
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

function firstOf(path: string): Promise<string> {
  return eventually(
    async () => {
      const { body } = await api.call<{ data: { id: string }[] }>('GET', path);
      const id = body.data[0]?.id;
      if (id === undefined) throw new Error(`${path} has nothing`);
      return id;
    },
    { timeoutMs: 30_000 },
  );
}

beforeAll(async () => {
  receiver = await createReceiver({ respond: ({ path }) => ({ status: path === '/gone' ? 410 : 200 }) });
  platform = await startPlatform('embedded', {
    GATEWAY_ANONYMOUS_PER_MINUTE: '1000000',
    GATEWAY_TOKENLESS_DIALECTS: 'false',
  });
  api = await logIn(platform.gatewayUrl, platform.password);
  const { password } = platform;
  named.set('https://example.com/hooks', `${receiver.url}/hooks`);
  named.set('"password":"password"', `"password":"${password}"`);
  named.set('"current_password":"password"', `"current_password":"${password}"`);
  key = (await make<{ key: string }>('/api/v1/api-keys', { name: 'examples', scopes: SCOPES })).key;

  const madeKey = await make<{ id: string; key: string }>('/api/v1/api-keys', { name: 'shop', scopes: SCOPES });
  named.set(pathExampleOf('getApiKey'), madeKey.id);
  named.set(bodyExampleOf('issueClientToken')['client_secret']!, madeKey.key);
  const subscription = { target_url: `${receiver.url}/hooks`, secret: bodyExampleOf('createSubscription')['secret'] };
  named.set(pathExampleOf('getSubscription'), (await make<{ id: string }>('/subscriptions/', subscription)).id);
  const user = { tenant: 'default', username: 'grace', password: 'a-long-passphrase', scopes: ['webhooks:read'] };
  named.set(pathExampleOf('getUser'), (await make<{ id: string }>('/api/v1/users', user)).id);
  const { code } = await make<{ code: string }>('/api/v1/portal-links', {});
  // The other secrets end as this one does.
  named.set(`"code":"${bodyExampleOf('openPortal')['code']}"`, `"code":"${code}"`);

  const gone = { uid: 'gone', url: `${receiver.url}/gone`, event_types: ['order.lost'] };
  named.set(pathExampleOf('getWebhookKeys'), (await api.createWebhook(gone)).id);
  await api.publish('lost-1', 'order.lost', '{}');
  named.set(pathExampleOf('getDeadLetter'), await firstOf('/api/v1/dead-letters'));
  named.set(pathExampleOf('getDelivery'), await firstOf('/api/v1/deliveries'));
  const recovery = { since: '2026-01-01T00:00:00Z', type: 'none', rate: 1 };
  named.set(pathExampleOf('getRecovery'), (await make<{ id: string }>('/api/v1/recoveries', recovery)).id);
}, 120_000);

afterAll(async () => {
  expect(await platform?.stop()).toEqual([]);
  await receiver?.close();
});

/** What makes comes first, then what asks and changes, then what takes away. */
const STAGES: ((located: Located) => boolean)[] = [
  ({ operation }) => ['createWebhook', 'createEventType', 'publishEvent'].includes(operation.operationId),
  ({ method, operation }) => method !== 'DELETE' && operation.operationId !== 'changePassword',
  () => true,
];
const stageOf = (located: Located) => STAGES.findIndex((belongs) => belongs(located));
const inOrder = operations.toSorted((a, b) => stageOf(a) - stageOf(b));

/** What is of a login and not of a key, or good for once. */
async function tokenFor(id: string): Promise<string> {
  if (!/^(?:refreshSession|logOut|changePassword)/.test(id)) return key;
  const login = await make<{ token: string; refresh_token: string }>('/auth/login', {
    username: 'admin',
    password: platform.password,
  });
  named.set(bodyExampleOf('refreshSession')['refresh_token']!, login.refresh_token);
  return login.token;
}

async function ask({ method, path, headers, body }: ExampleRequest, token: string | null) {
  const answer = await fetch(platform.gatewayUrl + path, {
    method,
    headers: { ...headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { body }),
  });
  const type = (answer.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
  const text = await (type === 'text/event-stream' ? beginningOf(answer) : answer.text());
  return { status: answer.status, type, text };
}

/** Of what has no end. */
async function beginningOf({ body }: Response): Promise<string> {
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) return chunk;
  return '';
}

describe.each(inOrder.map((located) => [`${located.method} ${located.path}`, located] as const))(
  '%s',
  (_name, located) => {
    const { operation } = located;
    const isOpen = operation.security.length === 0;

    test('answers its example as the document says', async () => {
      const token = await tokenFor(operation.operationId);
      for (const request of exampleRequests(located, named)) {
        const { status, type, text } = await ask(request, isOpen ? null : token);
        expect(strayFrom(operation, status, type, text)).toBeNull();
        // A recovery may have been completed meanwhile: it can't be turned then.
        const turned = operation.operationId.endsWith('Recovery') && status === 409;
        if (status >= 300 && !turned) throw new Error(`${status}: ${text}`);
      }
    });

    if (!isOpen) {
      test('answers nobody without a token', async () => {
        for (const request of exampleRequests(located, named)) {
          const { status, type, text } = await ask(request, null);
          expect(status).toBe(401);
          expect(strayFrom(operation, status, type, text)).toBeNull();
        }
      });
    }
  },
);
