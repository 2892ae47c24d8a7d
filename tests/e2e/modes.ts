import { fork, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createTempDir, eventually, startKafka, startPostgres, startRedis } from '@hookline/testkit';
import { readFileSync } from 'node:fs';
import { createPlatformProcesses } from '../../tools/platform/processes.ts';
import type { ServiceName } from '../../tools/platform/services.ts';

/** A whole platform, reached as its users reach it. */
export interface RunningPlatform {
  gatewayUrl: string;
  ingestionUrl: string;
  /** `address:port` */
  grpcAddress: string;
  password: string;
  /** null: it is one process. */
  processes: RunningProcesses | null;
  /** Ends it as an operator would; resolves with what did not end well. */
  stop(): Promise<string[]>;
}

/** The six services, as an operator has them before him. */
export interface RunningProcesses {
  /** Settings of all of them. */
  env: Readonly<Record<string, string>>;
  /** By SIGTERM; resolves when it is ready again. */
  restart: (service: ServiceName, changed: Readonly<Record<string, string>>) => Promise<void>;
}

export const MODES = ['embedded', 'postgres', 'full'] as const;
export type Mode = (typeof MODES)[number];

const ROOT = join(import.meta.dirname, '../..');
const PASSWORD = 'test-password';

function secrets(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    SECURITY_JWT_SECRET: randomBytes(48).toString('base64'),
    SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SECURITY_ADMIN_PASSWORD: PASSWORD,
    SECURITY_ALLOW_NETWORKS: '127.0.0.0/8',
  };
}

/** @param env settings that are not as usual */
export function startPlatform(mode: Mode, env: Record<string, string> = {}): Promise<RunningPlatform> {
  switch (mode) {
    case 'embedded':
      return startEmbedded(env);
    case 'postgres':
      return startProcesses(false, env);
    case 'full':
      return startProcesses(true, env);
  }
}

/** npm start, in a folder and on ports of its own. */
async function startEmbedded(settings: Record<string, string>): Promise<RunningPlatform> {
  const folder = await createTempDir('hookline-e2e');
  const output = join(folder.path, 'output.log');
  const fd = openSync(output, 'a');
  const ports = ['GATEWAY_PORT', 'REGISTRY_PORT', 'REGISTRY_GRPC_PORT', 'INGESTION_PORT', 'DISPATCHER_PORT']
    .concat('GATEWAY_GRPC_PORT', 'GATEWAY_DIALECT_PORT', 'RETRY_MANAGER_PORT', 'OBSERVABILITY_PORT')
    .map((name) => [name, '0'] as const);
  const child = fork(join(ROOT, 'apps/standalone/src/main.ts'), {
    cwd: ROOT,
    env: { ...secrets(), ...Object.fromEntries(ports), HOOKLINE_DATA: join(folder.path, 'data'), ...settings },
    stdio: ['ignore', fd, fd, 'ipc'],
    execPath: process.execPath,
    execArgv: [],
  });
  closeSync(fd);
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  const printed = () => readFileSync(output, 'utf8');
  await eventually(
    () => {
      if (!printed().includes('Ctrl-C stops it')) throw new Error(`not started: ${printed()}`);
    },
    { timeoutMs: 60_000 },
  );
  const urlAfter = (label: string) => new RegExp(`${label}\\s+(http://[^/\\s]+)`).exec(printed())?.[1] as string;
  return {
    gatewayUrl: urlAfter('API'),
    ingestionUrl: urlAfter('Events'),
    grpcAddress: /gRPC\s+(\S+)/.exec(printed())?.[1] as string,
    password: PASSWORD,
    processes: null,
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      const problems = code === 0 ? [] : [`exit code ${code}: ${printed()}`];
      await folder.remove();
      return problems;
    },
  };
}

/** Six processes, on PostgreSQL alone or on all three stores. */
async function startProcesses(full: boolean, settings: Record<string, string>): Promise<RunningPlatform> {
  const folder = await createTempDir('hookline-e2e');
  const [postgres, redis, kafka] = await Promise.all([
    startPostgres(),
    full ? startRedis() : null,
    full ? startKafka() : null,
  ]);
  const env: Record<string, string> = { ...secrets(), DATABASE_URL: postgres.url, ...settings };
  if (redis !== null) env['REDIS_URL'] = redis.url;
  if (kafka !== null) env['KAFKA_BROKERS'] = kafka.brokers.join(',');
  const prepared = spawnSync(process.execPath, [join(ROOT, 'tools/prepare-stores.ts')], { env, encoding: 'utf8' });
  if (prepared.status !== 0) throw new Error(`the stores could not be prepared: ${prepared.stderr}`);
  const surprises: string[] = [];
  const platform = await createPlatformProcesses({
    env,
    freePorts: true,
    outputOf: (service, copy) => openSync(join(folder.path, `${service}-${copy}.log`), 'a'),
    ended: (service, code, signal) => surprises.push(`${service} ended by itself (${signal ?? code})`),
  });
  const { gatewayUrl, ingestionUrl, grpcPort } = platform;
  async function stop(): Promise<string[]> {
    const failed = await platform.stop();
    await Promise.all([kafka?.stop(), redis?.stop(), postgres.stop()]);
    await folder.remove();
    return [...surprises, ...failed];
  }
  async function restart(service: ServiceName, changed: Readonly<Record<string, string>>): Promise<void> {
    for (const copy of platform.copies.filter((each) => each.service === service)) {
      const code = await copy.stop();
      if (code !== 0) surprises.push(`${service} (exit code ${code})`);
      await copy.start(changed);
    }
  }
  try {
    await platform.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    gatewayUrl,
    ingestionUrl,
    grpcAddress: `127.0.0.1:${grpcPort}`,
    password: PASSWORD,
    processes: { env, restart },
    stop,
  };
}
