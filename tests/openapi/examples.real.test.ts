import { createReceiver, eventually, type Receiver } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startPlatform, type RunningPlatform } from '../e2e/modes.ts';
import { logIn, type Api } from '../api.ts';
import { operations, strayFrom, type Located } from './document.ts';
import { exampleRequests, type ExampleRequest } from './example.ts';

/*
 * Every example of the document, run against a platform, in an order in which each finds what it is about. A route that has none, or that answers
 * otherwise than the document says, fails here.
 */

let receiver: Receiver;
let platform: RunningPlatform;
let api: Api;
/** What stands in place of the document's ids that are made by chance, and of its receiver. */
const named = new Map<string, string>();

const exampleOf = (id: string) => {
  const parameters = operations.find(({ operation }) => operation.operationId === id)?.operation.parameters ?? [];
  return String(parameters.find((parameter) => parameter.in === 'path')?.example);
};

async function firstOf(path: string): Promise<string> {
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
  platform = await startPlatform('embedded');
  api = await logIn(platform.gatewayUrl, platform.password);
  named.set('https://example.com/hooks', `${receiver.url}/hooks`);
  named.set('"password":"password"', `"password":"${platform.password}"`);
  named.set('"current_password":"password"', `"current_password":"${platform.password}"`);
  const gone = { url: `${receiver.url}/gone`, event_types: ['order.lost'] };
  const webhook = await api.createWebhook({ uid: 'gone', ...gone });
  named.set(exampleOf('getWebhookKeys'), webhook.id);
  await api.publish('lost-1', 'order.lost', '{}');
  named.set(exampleOf('getDeadLetter'), await firstOf('/api/v1/dead-letters'));
  named.set(exampleOf('getDelivery'), await firstOf('/api/v1/deliveries'));
  const recovery = { since: '2026-01-01T00:00:00Z', type: 'none', rate: 1 };
  const { body } = await api.call<{ id: string }>('POST', '/api/v1/recoveries', recovery);
  named.set(exampleOf('getRecovery'), body.id);
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

async function ask({ method, path, headers, body }: ExampleRequest, token: string | null) {
  const answer = await fetch(platform.gatewayUrl + path, {
    method,
    headers: { ...headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { body }),
  });
  const type = (answer.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
  return { status: answer.status, type, text: await answer.text() };
}

describe.each(inOrder.map((located) => [`${located.method} ${located.path}`, located] as const))(
  '%s',
  (_name, located) => {
    const { operation } = located;
    const requests = () => exampleRequests(located, named);

    test('answers its example as the document says', async () => {
      for (const request of requests()) {
        const { status, type, text } = await ask(request, operation.security.length === 0 ? null : api.token);
        expect(strayFrom(operation, status, type, text)).toBeNull();
        // A recovery may have been completed meanwhile: it can't be turned then.
        const turned = operation.operationId.endsWith('Recovery') && status === 409;
        if (status >= 300 && !turned) throw new Error(`${status}: ${text}`);
      }
    });

    if (operation.security.length > 0) {
      test('answers nobody without a token', async () => {
        for (const request of requests()) {
          const { status, type, text } = await ask(request, null);
          expect(status).toBe(401);
          expect(strayFrom(operation, status, type, text)).toBeNull();
        }
      });
    }
  },
);
