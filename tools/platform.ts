// npm run platform: the six services as processes of their own, on the stores that the environment names, until Ctrl-C.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { databaseSection, hooklineSection, isLoopbackHost, loadConfig, localSecrets } from '@hookline/service-kit';
import { z } from 'zod';
import { createPlatformProcesses } from './platform/processes.ts';
import { SERVICE_NAMES, type ServiceName } from './platform/services.ts';

const USAGE = `npm run platform [-- --dispatcher=3 ...]   starts the six services as processes until Ctrl-C
  needs KAFKA_BROKERS, REDIS_URL and DATABASE_URL (npm run stack starts and prints them), or DATABASE_URL alone
  ${SERVICE_NAMES.map((name) => `--${name}=N`).join(' ')}   how many copies`;

function readCopies(): Partial<Record<ServiceName, number>> {
  const options: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' } };
  for (const name of SERVICE_NAMES) options[name] = { type: 'string' };
  const { values } = parseArgs({ options });
  if (values['help'] === true) {
    console.log(USAGE);
    process.exit(0);
  }
  const copies: Partial<Record<ServiceName, number>> = {};
  for (const name of SERVICE_NAMES) {
    const text = values[name] as string | undefined;
    if (text === undefined) continue;
    if (!/^[1-9]\d?$/.test(text)) throw new Error(`--${name}=${text}: must be a number from 1 to 99`);
    copies[name] = Number(text);
  }
  return copies;
}

const LOCAL_PASSWORD = 'password';

/** The services' environment. On loopback the platform is this machine's own: what it needs to be secure is made, as for npm start. */
function environment(): { env: Record<string, string>; host: string } {
  const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value)) as Record<string, string>;
  const schema = z.strictObject({ hookline: hooklineSection, database: databaseSection });
  const file = env['HOOKLINE_CONFIG'] ?? (existsSync('config.yaml') ? 'config.yaml' : undefined);
  const { hookline, database } = loadConfig(schema, file === undefined ? { env } : { env, file });
  if (database.url === undefined) {
    throw new Error('DATABASE_URL is not set: start the stores with `npm run stack` and export what it prints');
  }
  if (!isLoopbackHost(hookline.host)) return { env, host: hookline.host };
  const secrets = localSecrets(join(hookline.data, 'platform'));
  const local = {
    SECURITY_JWT_SECRET: secrets.jwt_secret,
    SECURITY_ENCRYPTION_KEY: secrets.encryption_key,
    SECURITY_ADMIN_PASSWORD: LOCAL_PASSWORD,
    SECURITY_ALLOW_NETWORKS: '127.0.0.0/8,::1/128',
  };
  return { env: { ...local, ...env }, host: hookline.host };
}

async function main(): Promise<void> {
  const copies = readCopies();
  const { env, host } = environment();
  const prepared = spawnSync(process.execPath, [join(import.meta.dirname, 'prepare-stores.ts')], {
    env,
    stdio: 'inherit',
  });
  if (prepared.status !== 0) throw new Error('the stores could not be prepared (see above)');

  let stopping = false;
  const platform = await createPlatformProcesses({
    env,
    host,
    copies,
    ended: (service, code, signal) => {
      console.error(`hookline platform: ${service} ended by itself (${signal ?? `exit code ${code}`})`);
      void stop(1);
    },
  });

  async function stop(code: number): Promise<void> {
    if (stopping) process.exit(130);
    stopping = true;
    const failed = await platform.stop();
    for (const line of failed) console.error(`hookline platform: ${line}`);
    process.exit(failed.length > 0 ? 1 : code);
  }
  process.on('SIGINT', () => void stop(0));
  process.on('SIGTERM', () => void stop(0));

  try {
    await platform.start();
  } catch (error) {
    console.error(`hookline platform: ${(error as Error).message}`);
    await stop(1);
  }
  console.log('Ready:');
  for (const copy of platform.copies) console.log(`  ${copy.service.padEnd(14)} ${copy.healthUrl}`);
  console.log(
    `API on ${platform.gatewayUrl} (REST), events also on ${platform.ingestionUrl}/events. Ctrl-C stops all ${SERVICE_NAMES.length} services.`,
  );
  if (env['SECURITY_ADMIN_PASSWORD'] === LOCAL_PASSWORD)
    console.log('Admin login: admin / password (this machine only: change it before anybody else can reach it)');
}

main().catch((error: unknown) => {
  console.error(`hookline platform: ${(error as Error).message}`);
  process.exit(1);
});
