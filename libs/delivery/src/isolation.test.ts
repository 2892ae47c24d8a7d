import { afterEach, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAddressGuard } from '@hookline/domain';
import { createEngine, createSender, type Job } from './index.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('ten of a hundred webhooks hang: the healthy ones are delivered to as fast as if they were alone', async () => {
  const healthy = await run(0);
  const beside = await run(10);
  expect(healthy).toHaveLength(90 * 20);
  expect(beside).toHaveLength(90 * 20);
  // Milliseconds on a quiet machine; a hanging webhook that held up others would cost its whole timeout.
  expect(percentile(beside, 0.99)).toBeLessThan(percentile(healthy, 0.99) * 5 + 250);
});

/** How long each delivery to a healthy webhook took from its submission, in ms. 90 are healthy, `hanging` never answer. */
async function run(hanging: number): Promise<number[]> {
  const [ok, stuck] = await Promise.all([listen(true), listen(false)]);
  const sender = createSender({ guard: createAddressGuard(['127.0.0.0/8']) });
  const tookMs: number[] = [];
  const done = Promise.withResolvers<void>();
  interface TimedJob extends Job {
    submittedAt: number;
  }
  const engine = createEngine<TimedJob>({
    sender,
    limits: { maxInFlight: 128, maxWaiting: 1_500, fullWaitMs: 0 },
    owner: {
      admits: () => true,
      maxInFlight: () => 32,
      prepare: ({ webhookId }) => ({
        origin: webhookId.startsWith('stuck') ? stuck : ok,
        path: '/',
        headers: [],
        body: Buffer.from('{}'),
        timeoutMs: 20_000,
      }),
      attempted(job, { failure }) {
        engine.settled(job);
        if (failure === null) tookMs.push(performance.now() - job.submittedAt);
        if (tookMs.length === 90 * 20) done.resolve();
      },
      shed(job) {
        expect(job.webhookId).toMatch(/^stuck/);
        engine.settled(job);
      },
      covered: () => false,
      repeated: () => {},
      broken: (error) => done.reject(error),
    },
  });
  const submit = (webhookId: string, round: number) =>
    engine.submit({
      deliveryId: `${webhookId}-${round}`,
      webhookId,
      tenant: 'tenant',
      sizeBytes: 2,
      submittedAt: performance.now(),
      lost: () => false,
    });
  // The hanging ones have a lot to do already: more than the queues hold.
  for (let round = 0; round < 200; round++) {
    for (let webhook = 0; webhook < hanging; webhook++) submit(`stuck${webhook}`, round);
  }
  for (let round = 0; round < 20; round++) {
    for (let webhook = 0; webhook < 90; webhook++) submit(`ok${webhook}`, round);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await done.promise;
  engine.abortInFlight();
  engine.close();
  await sender.close();
  return tookMs;
}

async function listen(answers: boolean): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    if (answers) response.end('ok');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function percentile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] as number;
}
