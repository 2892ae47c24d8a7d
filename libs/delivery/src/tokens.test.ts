import { afterEach, describe, expect, test } from '@jest/globals';
import { createAddressGuard, type AttemptResult } from '@hookline/domain';
import { createReceiver, type ReceivedRequest, type Receiver, type ReceiverResponse } from '@hookline/testkit';
import { createSender, type OutgoingRequest, type Sender } from './index.ts';
import { createOauthClient } from './tokens.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const part of opened.splice(0).toReversed()) await part.close();
});

type Respond = (request: ReceivedRequest, count: number) => ReceiverResponse | Promise<ReceiverResponse>;

async function receive(respond: Respond): Promise<Receiver> {
  const receiver = await createReceiver({ respond });
  opened.push(receiver);
  return receiver;
}

function token(text: string, more: object = {}): ReceiverResponse {
  return { status: 200, body: JSON.stringify({ access_token: text, token_type: 'Bearer', expires_in: 3600, ...more }) };
}

function open(): Sender {
  const sender = createSender({ guard: createAddressGuard(['127.0.0.0/8']) });
  opened.push(sender);
  return sender;
}

function sendTo(target: Receiver, endpoint: string, parts: Partial<OutgoingRequest> = {}) {
  const credentials = { type: 'oauth2', tokenUrl: endpoint, clientId: 'hook:line', clientSecret: 's&ü', scope: 'a b' };
  const oauth = createOauthClient({ ...credentials, type: 'oauth2' }, undefined);
  const request = { origin: target.url, path: '/', headers: [], body: Buffer.from('{}'), timeoutMs: 5_000, oauth };
  return (sender: Sender): Promise<AttemptResult> =>
    new Promise((resolve) => sender.send({ ...request, ...parts }, resolve));
}

describe('tokens', () => {
  test('are asked for by client credentials, once for all who want one at a time, and kept', async () => {
    const endpoint = await receive(async () => token('abc'));
    const target = await receive(() => ({ status: 200 }));
    const sender = open();
    const send = sendTo(target, `${endpoint.url}/token?x=1`);
    const results = await Promise.all(Array.from({ length: 5 }, () => send(sender)));
    expect(results.map(({ failure }) => failure)).toEqual(results.map(() => null));
    await send(sender);
    expect(endpoint.requests).toHaveLength(1);
    expect(endpoint.requests[0]).toMatchObject({
      path: '/token?x=1',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from('hook%3Aline:s%26%C3%BC').toString('base64')}`,
      },
    });
    expect(endpoint.requests[0]?.body.toString()).toBe('grant_type=client_credentials&scope=a+b');
    expect(new Set(target.requests.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer abc']));
  });

  test('an endpoint that refuses the header gets the credentials in the body', async () => {
    const endpoint = await receive(({ headers }) =>
      headers.authorization === undefined ? token('abc') : { status: 401, body: '{"error":"invalid_client"}' },
    );
    const target = await receive(() => ({ status: 200 }));
    expect(await sendTo(target, endpoint.url)(open())).toMatchObject({ failure: null });
    expect(Object.fromEntries(new URLSearchParams(endpoint.requests[1]?.body.toString()))).toMatchObject({
      client_id: 'hook:line',
      client_secret: 's&ü',
    });
  });

  test('one that is refused is asked for again, once, within the attempt', async () => {
    const endpoint = await receive((_request, count) => token(`t${count}`));
    let accepted = 'Bearer t1';
    const target = await receive(({ headers }) => ({ status: headers.authorization === accepted ? 200 : 401 }));
    const sender = open();
    const send = sendTo(target, endpoint.url);
    expect(await send(sender)).toMatchObject({ failure: null });
    accepted = 'Bearer t2';
    expect(await send(sender)).toMatchObject({ failure: null, status: 200 });
    expect(endpoint.requests).toHaveLength(2);
    accepted = 'none';
    expect(await send(sender)).toMatchObject({ failure: 'client_error', status: 401 });
    // A new one that was refused stands: yet another would be no better.
    expect(await send(sender)).toMatchObject({ failure: 'client_error', status: 401 });
    const used = target.requests.map(({ headers }) => headers.authorization?.replace('Bearer ', ''));
    expect(used.join()).toBe('t1,t1,t2,t2,t3,t3');
    expect(endpoint.requests).toHaveLength(3);
  });

  test('many that are refused at once lead to one question', async () => {
    const endpoint = await receive((_request, count) => token(`t${count}`));
    const target = await receive(({ headers }, count) => ({
      status: count === 1 || headers.authorization === 'Bearer t2' ? 200 : 401,
    }));
    const sender = open();
    const send = sendTo(target, endpoint.url);
    await send(sender);
    const results = await Promise.all(Array.from({ length: 8 }, () => send(sender)));
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 200));
    expect(endpoint.requests).toHaveLength(2);
  });

  test('expire', async () => {
    const endpoint = await receive((_request, count) => token(`t${count}`, { expires_in: '0.2' }));
    const target = await receive(() => ({ status: 200 }));
    const sender = open();
    const send = sendTo(target, endpoint.url);
    await send(sender);
    await send(sender);
    await new Promise((resolve) => setTimeout(resolve, 250));
    await send(sender);
    expect(target.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer t1',
      'Bearer t1',
      'Bearer t2',
    ]);
  });

  test.each<[string, ReceiverResponse, string]>([
    ['an error', { status: 400, body: '{"error":"invalid_scope","error_description":"inner"}' }, 'invalid_scope'],
    ['a failure', { status: 503, body: 'inner secrets', headers: { 'retry-after': '7' } }, 'status 503'],
    ['no JSON', { status: 200, body: '<html>' }, 'its answer holds no bearer token'],
    ['no token', token('', {}), 'its answer holds no bearer token'],
    ['a token that is no header', token('a\nb'), 'its answer holds no bearer token'],
    ['another kind of token', token('abc', { token_type: 'mac' }), 'its answer holds no bearer token'],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1' } }, 'status 302'],
  ])(
    'an endpoint that answers with %s is the attempt’s failure, and is left alone for a while',
    async (_what, answer, why) => {
      const endpoint = await receive(() => answer);
      const target = await receive(() => ({ status: 200 }));
      const sender = open();
      const send = sendTo(target, `${endpoint.url}/token?key=1`);
      const result = await send(sender);
      expect(result).toMatchObject({ failure: 'authorisation', status: null, responseBody: null });
      expect(result.error).toBe(`no token from ${endpoint.url}/token: ${why}`);
      expect(await send(sender)).toMatchObject({ failure: 'authorisation' });
      expect(endpoint.requests).toHaveLength(1);
      expect(target.requests).toHaveLength(0);
    },
  );

  test('an endpoint inside is blocked like any other address', async () => {
    const target = await receive(() => ({ status: 200 }));
    const result = await sendTo(target, 'http://169.254.169.254/token')(open());
    expect(result).toMatchObject({ failure: 'authorisation' });
    expect(result.error).toMatch(/must not be connected to: 169\.254\.169\.254 is link-local/);
  });

  test('waiting for one counts for the deadline, and ends at once when it is broken off', async () => {
    const endpoint = await receive(() => 'hang');
    const target = await receive(() => ({ status: 200 }));
    const sender = open();
    const late = await sendTo(target, endpoint.url, { timeoutMs: 150 })(sender);
    expect(late).toMatchObject({ failure: 'timeout', error: 'no token in time' });
    const broken = sendTo(target, endpoint.url)(sender);
    await sender.close();
    expect(await broken).toMatchObject({ failure: 'shutdown' });
  });
});
