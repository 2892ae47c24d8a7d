import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createAddressGuard } from '@hookline/domain';
import { createEngine, createSender, type Job } from './index.ts';

/** Ways not to answer. Each opens something and says where requests to it go. */
const MODES: Record<string, () => Promise<{ origin: string; close(): Promise<void> }>> = {
  async 'no SYN answer'() {
    // A process that accepts nothing: when its short queue of connections is full, the kernel drops who else comes.
    const code = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port); })`;
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGSTOP');
    const port = Number(String(line));
    const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { origin: `http://127.0.0.1:${port}`, close: () => endFrozen(child, fillers) };
  },
  async 'TLS handshake never finished'() {
    const server = await listen(createTcpServer(() => {}));
    return { ...server, origin: server.origin.replace('http:', 'https:') };
  },
  'no response': () => listen(createServer((request) => void request.resume())),
  'slow body': () =>
    listen(
      createServer((request, response) => {
        request.resume();
        response.writeHead(200, { 'content-type': 'text/plain' });
        const drip = setInterval(() => response.write('.'), 100);
        response.on('close', () => clearInterval(drip));
      }),
    ),
  async 'a name that is never answered'() {
    return { origin: 'http://stuck.test', close: async () => {} };
  },
};

let healthy: Awaited<ReturnType<typeof listen>>;
/** Takes questions about names and never answers. */
const silent = createSocket('udp4');
const closing: (() => Promise<void>)[] = [];
let alone: number[] = [];

beforeAll(async () => {
  silent.bind(0, '127.0.0.1');
  await once(silent, 'listening');
  healthy = await listen(
    createServer((request, response) => {
      request.resume();
      response.end('ok');
    }),
  );
  // The first requests of a process are its slowest.
  await run(null, 'all in one');
  alone = await run(null, 'all in one');
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

afterAll(async () => {
  silent.close();
  await healthy.close();
});

describe.each(Object.keys(MODES))('ten of a hundred webhooks hang: %s', (mode) => {
  test.each(['all in one', 'spread'] as const)(
    'the healthy ones are delivered to as fast as if they were alone, tenants: %s',
    async (tenants) => {
      const hanging = await MODES[mode]!();
      closing.push(() => hanging.close());
      const beside = await run(hanging.origin, tenants);
      expect(beside).toHaveLength(90 * ROUNDS);
      // Milliseconds on a quiet machine; a hanging webhook that held up others would cost its whole timeout, ten seconds or more.
      expect(percentile(beside, 0.99)).toBeLessThan(percentile(alone, 0.99) * 5 + 1_500);
    },
  );
});

const ROUNDS = 20;

interface TimedJob extends Job {
  origin: string;
  submittedAt: number;
}

/** How long each delivery to 90 healthy webhooks took from its submission, in ms, beside ten more to `stuck`. */
async function run(stuck: string | null, tenants: 'all in one' | 'spread'): Promise<number[]> {
  const sender = createSender({
    guard: createAddressGuard(['127.0.0.0/8']),
    names: { servers: [`127.0.0.1:${silent.address().port}`] },
  });
  const tookMs: number[] = [];
  const done = Promise.withResolvers<void>();
  const engine = createEngine<TimedJob>({
    sender,
    limits: { maxInFlight: 128, maxWaiting: 4_000, fullWaitMs: 0 },
    owner: {
      admits: () => true,
      maxInFlight: () => 32,
      prepare: ({ origin }) => ({ origin, path: '/', headers: [], body: Buffer.from('{}'), timeoutMs: 20_000 }),
      attempted(job, { failure }) {
        engine.settled(job);
        if (failure === null) tookMs.push(performance.now() - job.submittedAt);
        if (tookMs.length === 90 * ROUNDS) done.resolve();
      },
      shed(job) {
        expect(job.origin).toBe(stuck);
        engine.settled(job);
      },
      covered: () => false,
      repeated: () => {},
      broken: (error) => done.reject(error),
    },
  });
  const submit = (origin: string, webhook: number, round: number) =>
    engine.submit({
      deliveryId: `${webhook}-${round}`,
      webhookId: `wh${webhook}`,
      tenant: tenants === 'spread' ? `tenant ${webhook % 7}` : 'tenant',
      sizeBytes: 2,
      origin,
      submittedAt: performance.now(),
      lost: () => false,
    });
  // The hanging ones have a lot to do already: more than the queues hold.
  for (let round = 0; stuck !== null && round < 500; round++) {
    for (let webhook = 90; webhook < 100; webhook++) submit(stuck, webhook, round);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (let webhook = 0; webhook < 90; webhook++) submit(healthy.origin, webhook, round);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await done.promise;
  engine.abortInFlight();
  engine.close();
  await sender.close();
  return tookMs;
}

async function listen(server: Server): Promise<{ origin: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function endFrozen(child: ChildProcess, fillers: Socket[]): Promise<void> {
  for (const filler of fillers) filler.destroy();
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function percentile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] as number;
}
