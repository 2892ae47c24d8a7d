import { mkdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createReceiver, createTempDir } from '@hookline/testkit';
import { logIn } from '../api.ts';
import { startStandalone, type StandaloneProcess, type Welcome } from '../e2e/standalone-process.ts';
import { cpuMs, residentMb } from './process-stats.ts';

const SETTLE_MS = 15_000;
const OFFERED_PER_SECOND = 600;
const LOAD_SECONDS = 20;
const ARRIVAL_MS = 5_000;
const EVENT_BYTES = 1024;
const TICK_MS = 10;

interface TimedStart {
  child: StandaloneProcess;
  welcome: Welcome;
  seconds: number;
  cpuSeconds: number;
}

export interface Starts {
  first: TimedStart;
  second: TimedStart;
  idleMb: number;
}

async function timedStart(folder: string): Promise<TimedStart> {
  const startedAt = performance.now();
  const child = startStandalone(folder);
  const welcome = await child.ready();
  const seconds = (performance.now() - startedAt) / 1000;
  return { child, welcome, seconds, cpuSeconds: cpuMs(child.pid) / 1000 };
}

async function stop(child: StandaloneProcess): Promise<void> {
  child.signal('SIGTERM');
  const { code, stderr } = await child.ended;
  if (code !== 0) throw new Error(`npm start ended with ${code}: ${stderr}`);
}

/** From the process's start to the welcome, with no data and with data; then what it holds in memory while nothing happens. */
export async function measureStarts(): Promise<Starts> {
  const temp = await createTempDir('hookline-budget');
  const first = await timedStart(temp.path);
  await stop(first.child);
  const second = await timedStart(temp.path);
  await sleep(SETTLE_MS);
  const idleMb = residentMb(second.child.pid);
  await stop(second.child);
  await temp.remove();
  return { first, second, idleMb };
}

/** Events of 1 KB, one a request, to one receiver that answers at once: how many were acknowledged a second, and how many of those didn't arrive. */
export async function measureThroughput(): Promise<{ perSecond: number; missing: number }> {
  const temp = await createTempDir('hookline-budget');
  mkdirSync(join(temp.path, 'data'), { recursive: true });
  const receiver = await createReceiver();
  const { child, welcome } = await timedStart(temp.path);
  const api = await logIn(welcome.gatewayUrl, 'password');
  await api.createWebhook({ url: receiver.url, event_types: ['*'] });

  const acknowledged = new Set<string>();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const data = 'x'.repeat(EVENT_BYTES);
  const startedAt = performance.now();
  const under: Promise<void>[] = [];
  for (let sent = 0; sent < OFFERED_PER_SECOND * LOAD_SECONDS;) {
    const due = Math.min(
      ((performance.now() - startedAt) / 1000) * OFFERED_PER_SECOND,
      OFFERED_PER_SECOND * LOAD_SECONDS,
    );
    for (; sent < due; sent++) {
      const id = `load-${sent}`;
      const body = JSON.stringify({ id, type: 'load', source: 'budget', data });
      under.push(
        post(`${welcome.ingestionUrl}/events`, body, agent).then((status) => {
          if (status === 202) acknowledged.add(id);
        }),
      );
    }
    await sleep(TICK_MS);
  }
  await Promise.allSettled(under);
  const seconds = (performance.now() - startedAt) / 1000;
  await sleep(ARRIVAL_MS);
  const arrived = new Set(receiver.requests.map(({ body }) => (JSON.parse(body.toString()) as { id: string }).id));
  agent.destroy();
  await stop(child);
  await receiver.close();
  await temp.remove();
  return {
    perSecond: acknowledged.size / seconds,
    missing: [...acknowledged].filter((id) => !arrived.has(id)).length,
  };
}

function post(url: string, body: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
