import { createMetrics } from '@hookline/service-kit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createUpstream, type Upstream } from './forward.ts';
import { createGatewayMetrics } from './metrics.ts';

const PASSED = { 'x-request-id': 'r1' };

const MAX_UNDER_WAY = 10;

const servers: Server[] = [];
let upstream: Upstream;
let behave: RequestListener;
let edge: string;
/** What forward rejected with, or null; one for each request. */
let outcomes: (Error | null)[];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = async () => (await fetch(edge)).status;

beforeEach(async () => {
  outcomes = [];
  const url = await serve((request, response) => behave(request, response));
  const metrics = createGatewayMetrics(createMetrics('gateway'));
  upstream = createUpstream({
    name: 'observability',
    url: `${url}/base/`,
    deadlineMs: 200,
    metrics,
    maxUnderWay: MAX_UNDER_WAY,
  });
  edge = await serve((request, response) => {
    const forwarded = upstream.forward(request, response, { path: request.url ?? '/', passed: PASSED });
    void forwarded.then(
      () => outcomes.push(null),
      (error: Error) => {
        outcomes.push(error);
        response.writeHead(503).end();
      },
    );
  });
});

afterEach(() => {
  upstream.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

test('headers about a connection stay on it, in both directions', async () => {
  let seen: object = {};
  behave = (request, response) => {
    seen = { url: request.url, ...request.headers };
    response.setHeader('connection', 'close, x-secret');
    response.writeHead(200, { 'x-secret': '1', 'x-open': '2', 'set-cookie': ['a=1', 'b=2'] });
    response.end('ok');
  };
  const answer = await fetch(`${edge}/x?y`, { headers: { 'proxy-authorization': 'no', 'x-mine': 'yes' } });
  expect(await answer.text()).toBe('ok');
  expect(seen).toMatchObject({ url: '/base/x?y', 'x-mine': 'yes', 'x-request-id': 'r1' });
  expect(seen).not.toHaveProperty('proxy-authorization');
  expect(answer.headers.get('x-secret')).toBeNull();
  expect(answer.headers.get('x-open')).toBe('2');
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(outcomes).toEqual([null]);
});

test('a service that says nothing is given up at the deadline', async () => {
  behave = () => undefined;
  const startedAt = performance.now();
  expect((await fetch(edge)).status).toBe(503);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(outcomes[0]).toMatchObject({ intent: 'unavailable', code: 'upstream_unavailable' });
});

test('an answer that breaks off breaks off for the client too', async () => {
  behave = (_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('begin');
    setTimeout(() => response.destroy(), 20);
  };
  const answer = await fetch(edge);
  await expect(answer.text()).rejects.toThrow();
});

test('an answer that never ends is cut off at the deadline', async () => {
  behave = (_request, response) => {
    response.writeHead(200);
    response.write('begin');
  };
  const answer = await fetch(edge);
  await expect(answer.text()).rejects.toThrow();
});

test('a client that goes away takes its request back', async () => {
  const gone = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  behave = (_request, response) => {
    response.once('close', gone.resolve);
    reached.resolve();
  };
  const abort = new AbortController();
  const asked = fetch(edge, { signal: abort.signal }).catch(() => 'aborted');
  await reached.promise;
  abort.abort();
  expect(await asked).toBe('aborted');
  await gone.promise;
});

test('more than its bound at once are refused, and it is free again afterwards', async () => {
  behave = () => undefined;
  const answers = await Promise.all(Array.from({ length: MAX_UNDER_WAY + 5 }, ask));
  expect(answers).toEqual(answers.map(() => 503));
  expect(outcomes.filter((error) => (error as { code?: string } | null)?.code === 'overloaded')).toHaveLength(5);
  behave = (_request, response) => response.end();
  expect(await ask()).toBe(200);
});
