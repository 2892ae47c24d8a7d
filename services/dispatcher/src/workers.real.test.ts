// worker_count: processes, as an operator meets them.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { HealthReport } from '@hookline/service-kit';
import { eventually, freePort, useRealParts, type Receiver } from '@hookline/testkit';
import { createScene, type Scene } from './testing/scene.ts';

const START_MS = 120_000;
/** A group notices within 10 s that a member was killed; a busy machine takes its time for a new one. */
const PATIENCE = { timeoutMs: 60_000, everyMs: 200 };
const ROUND = 120;

const parts = useRealParts({ redis: true, postgres: true });
let scene: Scene;
let supervisor: ChildProcess;
let ended: Promise<number | null>;
let url: string;
let receiver: Receiver;
let webhookId: string;
const published = new Set<string>();
let workers: number[];

async function publish(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent++) published.add(await scene.publish(webhookId));
}

const received = () => new Set(receiver.requests.map(({ headers }) => headers['webhook-id'] as string));
const missing = () => [...published].filter((delivery) => !received().has(delivery));

const health = async () => (await (await fetch(`${url}/health/ready`)).json()) as HealthReport;
const children = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** Of each worker, by its number. */
async function valuesOf(metric: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  expect(text.match(new RegExp(`^# TYPE ${metric} `, 'gm'))).toHaveLength(1);
  const samples = text.matchAll(new RegExp(`^${metric}\\{[^}]*worker="(\\d+)"[^}]*\\} (\\d+)$`, 'gm'));
  return new Map([...samples].map(([, worker, value]) => [worker!, Number(value)]));
}

beforeAll(async () => {
  scene = await createScene();
  receiver = await scene.receive(() => ({ status: 200, delayMs: 20 }));
  webhookId = await scene.register(receiver.url);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  supervisor = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      PATH: process.env['PATH'],
      ...scene.env,
      REDIS_URL: parts.redisUrl,
      DATABASE_URL: parts.postgresUrl,
      DISPATCHER_PORT: String(port),
      DISPATCHER_WORKER_COUNT: '2',
      DISPATCHER_MAX_IN_FLIGHT_PER_WEBHOOK: '4',
      LOG_LEVEL: 'silent',
    },
    stdio: 'inherit',
  });
  ended = new Promise((resolve) => supervisor.once('exit', resolve));
  await eventually(async () => expect(await health()).toMatchObject({ ready: true }), PATIENCE);
  workers = children(supervisor.pid!);
}, START_MS);

afterAll(async () => {
  supervisor?.kill('SIGKILL');
  await ended;
  await scene?.close();
}, START_MS);

test(
  'two processes share the partitions',
  async () => {
    expect(workers).toHaveLength(2);
    expect((await health()).checks).toEqual({ worker_0: 'ok', worker_1: 'ok' });
    await eventually(async () => {
      await publish(ROUND);
      const successes = await valuesOf('webhook_delivery_success_total');
      expect([...successes.keys()]).toEqual(['0', '1']);
      for (const count of successes.values()) expect(count).toBeGreaterThan(0);
    }, PATIENCE);
  },
  START_MS,
);

test(
  'their metrics together say what was sent',
  async () => {
    await eventually(async () => {
      expect(missing()).toEqual([]);
      const [one = 0, other = 0] = (await valuesOf('webhook_delivery_success_total')).values();
      expect(one + other).toBe(receiver.requests.length);
    }, PATIENCE);
    // Of the supervisor too, which sends nothing.
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text.match(/^process_start_time_seconds\{.*$/gm)).toHaveLength(3);
  },
  START_MS,
);

test(
  'one that is killed is replaced, and nothing is lost; meanwhile the copy lives and is not ready',
  async () => {
    await publish(ROUND);
    process.kill(workers[0]!, 'SIGKILL');
    await publish(ROUND);
    const { checks } = await eventually(async () => {
      const report = await health();
      expect(report.ready).toBe(false);
      return report;
    });
    expect(Object.values(checks)).toContain('ok');
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await eventually(async () => {
      const now = children(supervisor.pid!);
      expect(now).toHaveLength(2);
      expect(now).not.toContain(workers[0]);
      expect(now).toContain(workers[1]);
      expect(await health()).toMatchObject({ ready: true });
    }, PATIENCE);
    await eventually(() => expect(missing()).toEqual([]), PATIENCE);
  },
  START_MS,
);

test(
  'SIGTERM ends all of them, exit code 0',
  async () => {
    const now = children(supervisor.pid!);
    await publish(ROUND);
    supervisor.kill('SIGTERM');
    expect(await ended).toBe(0);
    for (const pid of now) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  },
  START_MS,
);
