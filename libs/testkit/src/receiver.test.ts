import { afterEach, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { createReceiver, type Receiver, type ReceiverOptions } from './receiver.ts';

const open: Receiver[] = [];

async function receive(options?: ReceiverOptions): Promise<Receiver> {
  const receiver = await createReceiver(options);
  open.push(receiver);
  return receiver;
}

afterEach(async () => {
  for (const receiver of open.splice(0)) await receiver.close();
});

test('records method, path, headers and the body byte for byte', async () => {
  const receiver = await receive();
  const body = Buffer.from([0, 255, 13, 10, 128]);
  const answer = await fetch(`${receiver.url}/hooks?a=1`, { method: 'POST', body, headers: { 'webhook-id': 'm1' } });
  const [request] = await receiver.waitFor(1);
  expect(answer.status).toBe(200);
  expect(request).toMatchObject({ method: 'POST', path: '/hooks?a=1', headers: { 'webhook-id': 'm1' } });
  expect(request?.body.equals(body)).toBe(true);
  expect(Math.abs(Date.now() - (request?.atMs ?? 0))).toBeLessThan(5_000);
  expect(receiver.port).toBeLessThan(32_768);
});

test('answers as told, by the count of the request', async () => {
  const receiver = await receive({
    respond: (_, count) =>
      count === 1 ? { status: 503, headers: { 'retry-after': '7' }, body: 'busy' } : { status: 204 },
  });
  const first = await fetch(receiver.url);
  const second = await fetch(receiver.url);
  expect([first.status, first.headers.get('retry-after'), await first.text()]).toEqual([503, '7', 'busy']);
  expect(second.status).toBe(204);
});

test('delays, hangs and resets', async () => {
  const receiver = await receive({
    respond: ({ path }) => (path === '/hang' ? 'hang' : path === '/reset' ? 'reset' : { status: 200, delayMs: 80 }),
  });
  const startedMs = performance.now();
  await fetch(receiver.url);
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(75);
  await expect(fetch(`${receiver.url}/reset`)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  await expect(fetch(`${receiver.url}/hang`, { signal: AbortSignal.timeout(100) })).rejects.toThrow(/timeout/);
  expect(receiver.requests).toHaveLength(3);
});

test('waitFor says how many of the wanted requests came', async () => {
  const receiver = await receive();
  await fetch(receiver.url);
  await expect(receiver.waitFor(2, 40)).rejects.toThrow('1 of 2 requests arrived within 40 ms');
});

test('close ends hanging and delayed requests at once, and frees the port', async () => {
  const receiver = await receive({ respond: (_, count) => (count === 1 ? 'hang' : { status: 200, delayMs: 60_000 }) });
  const pending = [fetch(receiver.url), fetch(receiver.url)].map((request) => request.catch(() => 'broken'));
  await receiver.waitFor(2);
  await receiver.close();
  await receiver.close();
  expect(await Promise.all(pending)).toEqual(['broken', 'broken']);
  await expect(
    new Promise((_, reject) => connect({ port: receiver.port, host: '127.0.0.1' }).once('error', reject)),
  ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
