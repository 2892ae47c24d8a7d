import { environmentName, SECTION_NAMES, type loadConfig } from '@hookline/service-kit';
import type { z } from 'zod';
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

export interface ConfigSection {
  name: string;
  /** Markdown, one paragraph; empty: there is nothing to say. */
  intro: string;
  /** The services that read it. */
  readBy: string[];
  keys: ConfigKey[];
}

export interface ConfigKey {
  section: string;
  key: string;
  environment: string;
  /** As it is written in a file; undefined: without one. */
  byDefault: unknown;
  required: boolean;
  /** Markdown, one line; empty: nobody has written one. */
  meaning: string;
  example: unknown;
}

/** Every section, with every key once. */
export function configSections(): ConfigSection[] {
  return [...SECTION_NAMES].map((name) => {
    const readBy = Object.keys(SCHEMAS).filter((service) => name in SCHEMAS[service]!.shape);
    const section = SCHEMAS[readBy[0] ?? '']?.shape[name] as Schema | undefined;
    if (section === undefined) throw new Error(`no service reads ${name}`);
    return {
      name,
      intro: section.meta()?.description ?? '',
      readBy,
      keys: Object.entries(section.shape).map(([key, field]) => describeKey(name, key, field)),
    };
  });
}

export function configKeys(): ConfigKey[] {
  return configSections().flatMap(({ keys }) => keys);
}

type Field = z.core.$ZodType & { meta(): { description?: string; example?: unknown } | undefined };

function describeKey(section: string, key: string, field: Field): ConfigKey {
  const { description = '', example } = field.meta() ?? {};
  return {
    section,
    key,
    environment: environmentName(section, key),
    ...defaultOf(field),
    meaning: description,
    example,
  };
}

/** What a schema is made of, as far as defaults go: a transformation of something, something with a default, something optional. */
interface Definition {
  type: string;
  in?: { def: Definition };
  defaultValue?: unknown;
}

function defaultOf(field: Field): Pick<ConfigKey, 'byDefault' | 'required'> {
  let { def: definition } = field as unknown as { def: Definition };
  while (definition.type === 'pipe' && definition.in !== undefined) definition = definition.in.def;
  if (definition.type === 'default') return { byDefault: definition.defaultValue, required: false };
  return { byDefault: undefined, required: definition.type !== 'optional' };
}
