// Makes in an empty folder what the image holds, as the Dockerfile does, and runs the platform from it as containers would: each service as a user who may write
// nothing there, until an event has been delivered and each has ended by SIGTERM. Exit code 1 if anything of that fails.
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { createTempDir, eventually, startKafka, startPostgres, startRedis } from '@hookline/testkit';
import { createPlatformProcesses } from '../../tools/platform/processes.ts';
import { logIn } from '../api.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What the folder may take: Node and the system come on top of it. */
const MAX_MIB = 140;
const PASSWORD = 'image-password';
const USER = { uid: 1_000, gid: 1_000 };

/** The Dockerfile's own line, so that what is tried is what it runs. */
function buildCommand(target: string): string {
  const line = /^RUN (sh deploy\/image\/build\.sh) \/source \/app$/m.exec(
    readFileSync(join(ROOT, 'Dockerfile'), 'utf8'),
  );
  if (line === null) throw new Error('the Dockerfile does not run deploy/image/build.sh any more');
  return `${line[1]} . ${target}`;
}

function must(what: string, { status, stdout, stderr }: SpawnSyncReturns<string>): string {
  if (status !== 0) throw new Error(`${what} ended with ${status}: ${stderr}${stdout}`);
  return stdout.trim();
}

/** Root writes whatever the modes say, so it becomes somebody else; everybody else stays who they are. */
function someone(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const tried = spawnSync(process.execPath, ['--version'], USER);
  return tried.status === 0 ? USER : undefined;
}

/** Takes everything that is posted to it. */
async function startReceiver(bodies: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString('utf8'));
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function tryImage(): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const temp = await createTempDir('hookline-image');
  opened.defer(() => temp.remove());
  const app = join(temp.path, 'app');
  must('build.sh', spawnSync('sh', ['-c', buildCommand(app)], { cwd: ROOT, encoding: 'utf8' }));
  const mib = Number.parseInt(must('du', spawnSync('du', ['-sm', app], { encoding: 'utf8' })), 10);
  if (mib > MAX_MIB) throw new Error(`it takes ${mib} MiB, more than ${MAX_MIB}`);
  must('chmod', spawnSync('chmod', ['-R', 'a-w,a+rX', app], { encoding: 'utf8' }));
  chmodSync(dirname(app), 0o755);
  const user = someone();
  console.log(`  ${mib} MiB; the services run as ${user === undefined ? 'who runs this' : `user ${user.uid}`}`);

  const [kafka, redis, postgres] = await Promise.all([startKafka(), startRedis(), startPostgres()]);
  for (const part of [kafka, redis, postgres]) opened.defer(() => part.stop());
  const env: Record<string, string> = {
    PATH: dirname(process.execPath),
    NODE_ENV: 'production',
    KAFKA_BROKERS: kafka.brokers.join(','),
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    SECURITY_JWT_SECRET: randomBytes(48).toString('base64'),
    SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SECURITY_ADMIN_PASSWORD: PASSWORD,
    SECURITY_ALLOW_NETWORKS: '127.0.0.0/8',
    LOG_LEVEL: 'error',
  };
  const run = (file: string, more: Record<string, string> = {}) =>
    must(file, spawnSync(process.execPath, [file], { cwd: app, env: { ...env, ...more }, encoding: 'utf8', ...user }));
  console.log(`  ${run('tools/prepare-stores.ts')}`);

  const platform = await createPlatformProcesses({
    env,
    freePorts: true,
    from: user === undefined ? { folder: app } : { folder: app, user },
    ended: (service, code, signal) => {
      console.error(`${service} ended by itself (${signal ?? `exit code ${code}`})`);
      process.exit(1);
    },
  });
  await platform.start();
  for (const { service, healthUrl } of platform.copies) {
    run('deploy/image/check-health.ts', { HEALTH_PORT: new URL(healthUrl).port });
    console.log(`  ${service}: up, and its health check says so`);
  }

  const bodies: string[] = [];
  const receiver = await startReceiver(bodies);
  opened.defer(() => void receiver.close());
  const api = await logIn(platform.gatewayUrl, PASSWORD);
  const { port } = receiver.address() as AddressInfo;
  await api.createWebhook({ url: `http://127.0.0.1:${port}/`, event_types: ['image.built'] });
  await api.publish('image-1', 'image.built', '{"ok":true}');
  await eventually(
    () => {
      if (bodies.length === 0) throw new Error('the event has not been delivered');
    },
    { timeoutMs: 30_000 },
  );
  console.log('  an event was delivered');

  for (const tool of ['tools/check-config.ts', 'tools/rotate-keys.ts']) console.log(`  ${run(tool)}`);

  const failed = await platform.stop();
  if (failed.length > 0) throw new Error(`did not end well by SIGTERM: ${failed.join(', ')}`);
  console.log('  each ended by SIGTERM with 0');
}

await tryImage();
console.log('passed');
process.exit(0);
