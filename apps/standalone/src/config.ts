import { dispatcherConfig } from '@hookline/dispatcher';
import { gatewayConfig } from '@hookline/gateway';
import { ingestionConfig } from '@hookline/ingestion';
import { observabilityConfig } from '@hookline/observability';
import { registryConfig } from '@hookline/registry';
import { retryManagerConfig } from '@hookline/retry-manager';
import {
  hooklineSection,
  isLoopbackHost,
  loadConfig,
  securitySection,
  localSecrets,
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

/** @throws ConfigError, InvalidInput */
export function readSettings(source: ConfigSource): Settings {
  const { hookline } = loadConfig(z.strictObject({ hookline: hooklineSection }), source);
  const local = isLoopbackHost(hookline.host);
  if (!local) return { config: loadConfig(standaloneConfig, source), local };
  const security = {
    ...localSecrets(hookline.data),
    admin_password: LOCAL_ADMIN_PASSWORD,
    allow_networks: LOCAL_NETWORKS,
  };
  return { config: loadConfig(standaloneConfig, { ...source, defaults: { security } }), local };
}
