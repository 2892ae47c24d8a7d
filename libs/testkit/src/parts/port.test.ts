import { expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import { freePort, isPortFree, nextFreePort, onPort } from './port.ts';

async function occupy(port: number): Promise<() => Promise<void>> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return () => new Promise((resolve) => server.close(() => resolve()));
}

test('free ports are free, different and below the range of outgoing connections', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
  expect(new Set(ports).size).toBe(50);
  for (const port of ports) {
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_768);
    expect(await isPortFree(port)).toBe(true);
  }
});

test('the next free port is past every block of neighbours with one taken', async () => {
  const first = await freePort(4);
  const release = await occupy(first + 1);
  expect(await isPortFree(first + 1)).toBe(false);
  expect(await nextFreePort(first, 2)).toBe(first + 2);
  expect(await nextFreePort(first)).toBe(first);
  await release();
});

test('a wanted port that is taken is named; a chosen one that was snatched is replaced', async () => {
  const port = await freePort(2);
  const release = await occupy(port + 1);
  await expect(onPort('Kafka', port, 2, () => Promise.resolve())).rejects.toThrow(
    `Kafka: port ${port + 1} on 127.0.0.1 is taken`,
  );
  await release();

  const tried: number[] = [];
  const started = await onPort('Redis', undefined, 1, (candidate) => {
    tried.push(candidate);
    return tried.length < 3 ? Promise.reject(new Error('bind: Address already in use')) : Promise.resolve(candidate);
  });
  expect(started).toBe(tried[2]);
  expect(new Set(tried).size).toBe(3);
});
