import { backendMode, kafkaSecurity, redisAddress, type BackendMode, type BackendsConfig } from '@hookline/backends';
import { checkServerUrl } from '@hookline/database';
import { HooklineError } from '@hookline/domain';
import { ConfigError, hooklineSection, isLoopbackHost, loadConfig, type ConfigSource } from '@hookline/service-kit';
import { z } from 'zod';
import { dispatcherConfig, inOneProcess, type DispatcherConfig } from '../../services/dispatcher/src/config.ts';
import { SCHEMAS } from './keys.ts';

export interface Checked {
  /** One line each: the key, what is wrong with it, an example. */
  problems: string[];
  mode: string;
}

const MODES: Record<BackendMode, string> = {
  embedded: 'embedded: `npm start` only',
  postgres: 'PostgreSQL alone',
  full: 'Kafka, Redis and PostgreSQL',
};

/** Stand in for the secrets that a platform on loopback makes for itself. */
const UNMADE = { jwt_secret: 'x'.repeat(32), encryption_key: Buffer.alloc(32).toString('base64') };

/** What all six services would say of their configuration, each thing once. */
export function checkConfig(source: ConfigSource): Checked {
  const problems = new Set<string>();
  let mode = '';
  const checked = isLocal(source) ? { ...source, defaults: { security: UNMADE } } : source;
  for (const schema of Object.values(SCHEMAS)) {
    try {
      const config = loadConfig(schema, checked) as unknown as BackendsConfig;
      const backends = backendMode(config);
      mode = MODES[backends];
      kafkaSecurity(config.kafka);
      if (backends === 'full') redisAddress(config.redis);
      if (config.database.url !== undefined) checkServerUrl(config.database.url);
      const problem =
        schema === dispatcherConfig && backends === 'embedded' ? inOneProcess(config as DispatcherConfig) : undefined;
      if (problem !== undefined) problems.add(problem);
    } catch (error) {
      if (error instanceof ConfigError) for (const problem of error.problems) problems.add(problem);
      else if (error instanceof HooklineError) problems.add(error.message);
      else throw error;
    }
  }
  return { problems: [...problems], mode };
}

function isLocal(source: ConfigSource): boolean {
  try {
    return isLoopbackHost(loadConfig(z.strictObject({ hookline: hooklineSection }), source).hookline.host);
  } catch {
    // What is wrong with it is told for the services.
    return true;
  }
}
