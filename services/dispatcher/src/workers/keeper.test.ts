import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLog } from '@hookline/service-kit';
import { eventually } from '@hookline/testkit';
import type { WorkerEnd, WorkerProcess } from './fork-worker.ts';
import { createKeeper, nextPauseMs, type Keeper } from './keeper.ts';

interface FakeWorker extends WorkerProcess {
  start(port: number): void;
  end(end: WorkerEnd): void;
  signals: string[];
}

let workers: FakeWorker[];
let keeper: Keeper;

function fork(): WorkerProcess {
  const started = Promise.withResolvers<number>();
  const ended = Promise.withResolvers<WorkerEnd>();
  started.promise.catch(() => {});
  const signals: string[] = [];
  const worker: FakeWorker = {
    pid: 1,
    started: started.promise,
    ended: ended.promise,
    signals,
    signal: (name) => void signals.push(name),
    start: (port) => started.resolve(port),
    end(end) {
      started.reject(new Error('ended before it did its work'));
      ended.resolve(end);
    },
  };
  workers.push(worker);
  return worker;
}

beforeEach(() => {
  workers = [];
  keeper = createKeeper({ number: 0, fork, log: createLog('test', 'silent') });
});

afterEach(async () => {
  for (const worker of workers) worker.end({ code: 0, signal: null });
  await keeper.close(Date.now()).catch(() => {});
});

test('a first worker that ends before it does its work prevents the start', async () => {
  const start = keeper.start();
  workers[0]!.end({ code: 1, signal: null });
  await expect(start).rejects.toThrow('ended before it did its work');
});

test('says why the place is empty, and fills it again', async () => {
  const start = keeper.start();
  expect(await keeper.problem()).toBe('is starting');
  workers[0]!.start(1);
  await start;
  expect(await keeper.problem()).toBe('does not answer');
  expect(await keeper.isLive()).toBe(false);
  workers[0]!.end({ code: null, signal: 'SIGKILL' });
  await eventually(async () => expect(await keeper.problem()).toBe('has ended and will be replaced'));
  expect(await keeper.isLive()).toBe(true);
  expect(await keeper.metrics()).toBe('');
  await eventually(() => expect(workers).toHaveLength(2));
});

test('passes on what its worker says of itself', async () => {
  let health = { ready: true, state: 'ready', checks: { event_log: 'ok' } };
  const server = createServer((_, response) => response.end(JSON.stringify(health)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const start = keeper.start();
    workers[0]!.start((server.address() as AddressInfo).port);
    await start;
    expect(await keeper.problem()).toBeUndefined();
    health = { ready: false, state: 'ready', checks: { event_log: 'away' } };
    expect(await keeper.problem()).toBe('event_log: away');
    expect(await keeper.isLive()).toBe(true);
  } finally {
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  }
});

test('closing ends the worker, by force after the deadline, and tells of one that did not end well', async () => {
  const start = keeper.start();
  workers[0]!.start(1);
  await start;
  const closed = keeper.close(Date.now());
  await eventually(() => expect(workers[0]!.signals).toEqual(['SIGTERM', 'SIGKILL']));
  workers[0]!.end({ code: null, signal: 'SIGKILL' });
  await expect(closed).rejects.toThrow('worker 0 ended by SIGKILL');
  expect(workers).toHaveLength(1);
});

test('pauses double while workers do not last, up to half a minute', () => {
  let pauseMs = 0;
  const pauses = Array.from({ length: 7 }, () => (pauseMs = nextPauseMs(pauseMs, 500)));
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(nextPauseMs(30_000, 60_000)).toBe(1_000);
});

test('one that SIGTERM ends before it listens to signals has ended well', async () => {
  const start = keeper.start();
  const closed = keeper.close(Date.now());
  workers[0]!.end({ code: null, signal: 'SIGTERM' });
  await expect(closed).resolves.toBeUndefined();
  await expect(start).rejects.toThrow('ended before it did its work');
});
