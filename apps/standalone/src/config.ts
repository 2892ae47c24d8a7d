import { dispatcherConfig, inOneProcess } from '@hookline/dispatcher';
import { gatewayConfig } from '@hookline/gateway';
import { ingestionConfig } from '@hookline/ingestion';
import { observabilityConfig } from '@hookline/observability';
import { registryConfig } from '@hookline/registry';
import { retryManagerConfig } from '@hookline/retry-manager';
import {
  ConfigError,
  isLoopbackHost,
  loadConfig,
  localSecrets,
  securitySection,
  type ConfigSource,
} from '@hookline/service-kit';
import { z } from 'zod';

/** All services' sections together. */
const standaloneConfig = z.strictObject({
  ...registryConfig.shape,
  ...ingestionConfig.shape,
  ...observabilityConfig.shape,
  ...dispatcherConfig.shape,
  ...retryManagerConfig.shape,
  ...gatewayConfig.shape,
  security: securitySection,
});

export type StandaloneConfig = z.infer<typeof standaloneConfig>;

export interface Settings {
  config: StandaloneConfig;
  /** Reachable from this machine only: secrets are made, webhooks may point at this machine, and the admin starts with a known password. */
  local: boolean;
}

export const LOCAL_ADMIN_PASSWORD = 'password';
const LOCAL_NETWORKS = '127.0.0.0/8,::1/128';
/** Stand in for the secrets while everything else is checked. */
const UNMADE = { jwt_secret: 'x'.repeat(32), encryption_key: Buffer.alloc(32).toString('base64') };

/** @throws ConfigError with all that is wrong, before anything is written; InvalidInput */
export function readSettings(source: ConfigSource): Settings {
  const settings = readAny(source);
  const problem = inOneProcess(settings.config);
  if (problem !== undefined) throw new ConfigError([problem]);
  return settings;
}

function readAny(source: ConfigSource): Settings {
  const asked = source.env['HOOKLINE_HOST'] ?? '';
  if (asked === '' || isLoopbackHost(asked)) {
    const { hookline } = loadConfig(standaloneConfig, { ...source, defaults: { security: UNMADE } });
    if (isLoopbackHost(hookline.host)) return readLocalSettings(source, hookline.data);
  }
  return { config: loadConfig(standaloneConfig, source), local: false };
}

function readLocalSettings(source: ConfigSource, folder: string): Settings {
  const security = {
    ...localSecrets(folder),
    admin_password: LOCAL_ADMIN_PASSWORD,
    allow_networks: LOCAL_NETWORKS,
  };
  // What goes well is told by the welcome; a log of it would bury that.
  const log = { level: 'warn' };
  return { config: loadConfig(standaloneConfig, { ...source, defaults: { security, log } }), local: true };
}
