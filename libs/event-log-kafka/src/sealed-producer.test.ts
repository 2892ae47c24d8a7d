import { expect, test } from '@jest/globals';
import { logLevel } from 'kafkajs';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createSealedProducer } from './sealed-producer.ts';

test('a broker that owes an answer is waited for, then cut off; no connection follows', async () => {
  const accepted: Socket[] = [];
  const server = createServer((socket) => {
    accepted.push(socket);
    socket.on('error', () => {}).resume();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const { producer, end } = createSealedProducer(
    { brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING, retry: { retries: 3, initialRetryTime: 50 } },
    { idempotent: true, retry: { retries: 1 } },
  );
  const failure = producer.connect().catch((error: unknown) => error);
  while (accepted.length === 0) await delay(10);
  const closed = once(accepted[0]!, 'close');
  const startedAt = performance.now();
  await end();
  const tookMs = performance.now() - startedAt;
  await closed;
  expect(await failure).toBeInstanceOf(Error);
  await delay(300);
  expect(tookMs).toBeGreaterThan(1_900);
  expect(tookMs).toBeLessThan(4_000);
  expect(accepted).toHaveLength(1);
  server.close();
  await once(server, 'close');
}, 20_000);
