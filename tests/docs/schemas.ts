import { environmentName, type loadConfig } from '@hookline/service-kit';
import { dispatcherConfig } from '../../services/dispatcher/src/config.ts';
import { gatewayConfig } from '../../services/gateway/src/config.ts';
import { ingestionConfig } from '../../services/ingestion/src/config.ts';
import { observabilityConfig } from '../../services/observability/src/config.ts';
import { registryConfig } from '../../services/registry/src/config.ts';
import { retryManagerConfig } from '../../services/retry-manager/src/config.ts';

type Schema = Parameters<typeof loadConfig>[0];

export const SCHEMAS: Record<string, Schema> = {
  // First: it demands everything that others may do without.
  registry: registryConfig,
  gateway: gatewayConfig,
  ingestion: ingestionConfig,
  dispatcher: dispatcherConfig,
  'retry-manager': retryManagerConfig,
  observability: observabilityConfig,
};

export interface ConfigKey {
  section: string;
  key: string;
  environment: string;
  /** As it is written in a file; undefined: without one. */
  byDefault: unknown;
  required: boolean;
}

export function servicesOf(section: string): string[] {
  return Object.keys(SCHEMAS).filter((service) => section in SCHEMAS[service]!.shape);
}

/** Every key of every section, once. */
export function configKeys(): ConfigKey[] {
  const sections = new Map<string, Schema>();
  for (const schema of Object.values(SCHEMAS)) {
    for (const [name, section] of Object.entries(schema.shape)) {
      if (!sections.has(name)) sections.set(name, section as Schema);
    }
  }
  return [...sections].flatMap(([section, { shape }]) =>
    Object.entries(shape).map(([key, field]) => ({
      section,
      key,
      environment: environmentName(section, key),
      ...defaultOf(field),
    })),
  );
}

/** What a schema is made of, as far as defaults go: a transformation of something, something with a default, something optional. */
interface Definition {
  type: string;
  in?: { def: Definition };
  defaultValue?: unknown;
}

function defaultOf(field: Schema['shape'][string]): Pick<ConfigKey, 'byDefault' | 'required'> {
  let { def: definition } = field as unknown as { def: Definition };
  while (definition.type === 'pipe' && definition.in !== undefined) definition = definition.in.def;
  if (definition.type === 'default') return { byDefault: definition.defaultValue, required: false };
  return { byDefault: undefined, required: definition.type !== 'optional' };
}

/** What no default can stand for. */
export const SECRETS = {
  SECURITY_JWT_SECRET: 'a-secret-for-tests-of-at-least-32-characters',
  SECURITY_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
};
