import { environmentName } from '@hookline/service-kit';
import { z } from 'zod';
import { dispatcherConfig } from '../../services/dispatcher/src/config.ts';
import { gatewayConfig } from '../../services/gateway/src/config.ts';
import { ingestionConfig } from '../../services/ingestion/src/config.ts';
import { observabilityConfig } from '../../services/observability/src/config.ts';
import { registryConfig } from '../../services/registry/src/config.ts';
import { retryManagerConfig } from '../../services/retry-manager/src/config.ts';

export const SCHEMAS: Record<string, z.ZodObject> = {
  gateway: gatewayConfig,
  registry: registryConfig,
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
  return Object.keys(SCHEMAS).filter((service) => section in (SCHEMAS[service] as z.ZodObject).shape);
}

/** Every key of every section, once. */
export function configKeys(): ConfigKey[] {
  const sections = new Map<string, z.ZodObject>();
  for (const schema of Object.values(SCHEMAS)) {
    for (const [name, section] of Object.entries(schema.shape)) {
      // Of a section that a service knows with fewer demands, the strict form counts.
      if (!sections.has(name)) sections.set(name, section as z.ZodObject);
    }
  }
  return [...sections].flatMap(([section, { shape }]) =>
    Object.entries(shape).map(([key, field]) => ({
      section,
      key,
      environment: environmentName(section, key),
      ...defaultOf(field as z.ZodType),
    })),
  );
}

function defaultOf(field: z.ZodType): Pick<ConfigKey, 'byDefault' | 'required'> {
  if (field instanceof z.ZodPipe) return defaultOf(field.in as z.ZodType);
  if (field instanceof z.ZodDefault) return { byDefault: field.def.defaultValue, required: false };
  return { byDefault: undefined, required: !(field instanceof z.ZodOptional) };
}

/** What no default can stand for. */
export const SECRETS = {
  SECURITY_JWT_SECRET: 'a-secret-for-tests-of-at-least-32-characters',
  SECURITY_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
};
