import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createReceiver, createTempDir, startPrometheus, type RealParts } from '@hookline/testkit';
import { createPlatformProcesses } from '../../tools/platform/processes.ts';
import type { ServiceName } from '../../tools/platform/services.ts';
import { logIn } from '../api.ts';
import { ROOT } from '../docs/markdown.ts';
import { answerTo, createLoad } from './load.ts';
import { prometheusConfig } from './prometheus-config.ts';

const PASSWORD = 'watched-password';

export type WatchedScene = Awaited<ReturnType<typeof openWatchedScene>>;

/** The six services as processes on real stores, with a Prometheus, a receiver of traces and a receiver of webhooks; `/flaky` fails the first request of each delivery. */
export async function openWatchedScene(parts: RealParts) {
  const folder = await createTempDir('hookline-watched');
  const opened: (() => Promise<unknown>)[] = [() => folder.remove()];
  async function close(): Promise<void> {
    for (const each of opened.splice(0).toReversed()) await each();
  }
  try {
    return { ...(await openAll(parts, folder.path, opened)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openAll(parts: RealParts, folder: string, opened: (() => Promise<unknown>)[]) {
  const collector = await createReceiver();
  opened.push(() => collector.close());
  const attempted = new Set<unknown>();
  const receiver = await createReceiver({
    respond({ path, headers }) {
      const isFirst = !attempted.has(headers['webhook-id']);
      attempted.add(headers['webhook-id']);
      return { status: path === '/flaky' && isFirst ? 500 : answerTo(path) };
    },
  });
  opened.push(() => receiver.close());

  const env = {
    PATH: process.env['PATH'] ?? '',
    KAFKA_BROKERS: parts.kafkaBrokers.join(','),
    REDIS_URL: parts.redisUrl,
    DATABASE_URL: await parts.createDatabase(),
    SECURITY_JWT_SECRET: randomBytes(48).toString('base64'),
    SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SECURITY_ADMIN_PASSWORD: PASSWORD,
    SECURITY_ALLOW_NETWORKS: '127.0.0.0/8',
    RETRY_MANAGER_MAX_RETRIES: '1',
    RETRY_MANAGER_INITIAL_DELAY: '100ms',
    TRACING_ENDPOINT: collector.url,
    TRACING_SAMPLE_RATIO: '1',
  };
  const prepared = spawnSync(process.execPath, [join(ROOT, 'tools/prepare-stores.ts')], { env, encoding: 'utf8' });
  if (prepared.status !== 0) throw new Error(`the stores could not be prepared: ${prepared.stderr}${prepared.stdout}`);
  const logFile = (service: ServiceName) => join(folder, `${service}.log`);
  const platform = await createPlatformProcesses({
    env,
    freePorts: true,
    outputOf: (service) => openSync(logFile(service), 'a'),
    ended: (service) => console.error(`${service} ended by itself: ${readFileSync(logFile(service), 'utf8')}`),
  });
  opened.push(() => platform.stop());
  await platform.start();

  const targets = platform.copies.map(({ service, healthUrl }) => ({ service, address: new URL(healthUrl).host }));
  const prometheus = await startPrometheus(prometheusConfig(targets));
  opened.push(() => prometheus.stop());

  const api = await logIn(platform.gatewayUrl, PASSWORD);
  const load = await createLoad({
    api,
    receiver,
    ingestionUrl: platform.ingestionUrl,
    grpcPort: platform.grpcPort,
    brokers: parts.kafkaBrokers,
  });
  opened.push(async () => load.close());

  async function ask<T>(path: string): Promise<T> {
    const answer = await fetch(`${prometheus.url}/api/v1/${path}`);
    const { status, data, error } = (await answer.json()) as { status: string; data: T; error?: string };
    if (status !== 'success') throw new Error(`${decodeURIComponent(path)}: ${error}`);
    return data;
  }

  return {
    api,
    collector,
    receiver,
    round: load.round,
    ask,
    /** The lines that a service has logged. */
    lines: (service: ServiceName) =>
      readFileSync(logFile(service), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
