import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAddressGuard, type AttemptResult } from '@hookline/domain';
import { createReceiver, type Receiver } from '@hookline/testkit';
import { createSender, type OutgoingRequest, type Sender } from './index.ts';

let receiver: Receiver;
let sender: Sender;

beforeEach(async () => {
  receiver = await createReceiver();
  sender = createSender({ guard: createAddressGuard(['127.0.0.0/8']) });
});

afterEach(async () => {
  await sender.close();
  await receiver.close();
});

function request(body: Promise<Buffer>, timeoutMs = 2_000): OutgoingRequest {
  return { origin: receiver.url, path: '/', headers: ['x-own', '1'], body, timeoutMs };
}

function send(body: Promise<Buffer>, timeoutMs?: number): Promise<AttemptResult> {
  return new Promise((resolve) => sender.send(request(body, timeoutMs), resolve));
}

const never = new Promise<Buffer>(() => {});

describe('a body that is still being made', () => {
  test('is waited for, and that counts', async () => {
    const body = new Promise<Buffer>((resolve) => setTimeout(resolve, 60, Buffer.from('later')));
    const result = await send(body);
    expect(result).toMatchObject({ failure: null, status: 200 });
    expect(result.durationMs).toBeGreaterThanOrEqual(59);
    expect(receiver.requests[0]).toMatchObject({ headers: { 'x-own': '1' }, body: Buffer.from('later') });
  });

  test('that comes to nothing is a failure', async () => {
    expect(await send(Promise.reject(new Error('no memory')))).toMatchObject({ failure: 'other', error: 'no memory' });
  });

  test('is waited for no longer than the attempt may take', async () => {
    const result = await send(never, 100);
    expect(result).toMatchObject({ failure: 'timeout', error: 'the body was not ready in time' });
    expect(result.durationMs).toBeGreaterThanOrEqual(99);
  });

  test('leaves to its request what is left of the deadline', async () => {
    await receiver.close();
    receiver = await createReceiver({ respond: () => 'hang' });
    const body = new Promise<Buffer>((resolve) => setTimeout(resolve, 200, Buffer.from('later')));
    const result = await send(body, 300);
    expect(result).toMatchObject({ failure: 'timeout', phase: 'headers' });
    expect(result.durationMs).toBeLessThan(600);
  });

  test('can be called off, once, and is not sent when it comes after that', async () => {
    const { promise, resolve } = Promise.withResolvers<Buffer>();
    const results: AttemptResult[] = [];
    const sending = sender.send(request(promise), (result) => results.push(result));
    sending.abort();
    sending.abort();
    resolve(Buffer.from('late'));
    await new Promise((later) => setTimeout(later, 50));
    expect(results).toMatchObject([{ failure: 'shutdown' }]);
    expect(receiver.requests).toHaveLength(0);
  });

  test('is not sent any more when it comes after the sender has closed', async () => {
    const { promise, resolve } = Promise.withResolvers<Buffer>();
    const sent = send(promise);
    await sender.close();
    resolve(Buffer.from('late'));
    expect(await sent).toMatchObject({ failure: 'shutdown' });
    expect(receiver.requests).toHaveLength(0);
  });
});
