import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { SECTION_NAMES } from './sections.ts';
import { weakSecrets } from './weak-secrets.ts';

/** Everything that is wrong with the configuration, one line per problem. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `the configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export interface ConfigSource {
  /** Used where neither file nor environment says otherwise, by section and key. */
  defaults?: Record<string, Record<string, unknown>>;
  /** A YAML file. */
  file?: string;
  env: Record<string, string | undefined>;
}

/**
 * The schema's defaults < the source's defaults < file < environment. The environment's name of `security.jwt_secret` is SECURITY_JWT_SECRET, and `<NAME>_FILE` names a file that holds
 * the value. Unknown keys and sections fail; the result is frozen.
 * @param schema an object of sections, each an object of keys; each key's `meta({ example })` shows a good value
 * @throws ConfigError with every problem found
 */
export function loadConfig<Schema extends z.ZodObject>(
  schema: Schema,
  { defaults = {}, file, env }: ConfigSource,
): z.infer<Schema> {
  const problems: string[] = [];
  const raw = file === undefined ? {} : readSections(file, problems);
  for (const [name, value] of Object.entries(raw)) {
    if (!SECTION_NAMES.has(name)) problems.push(`${name}: unknown section; known are ${[...SECTION_NAMES].join(', ')}`);
    // A section whose keys are all commented out is null.
    else if (value !== null && !isObject(value)) {
      problems.push(`${name}: must hold keys, e.g. \`${exampleOf(schema, name)}\``);
    }
  }
  const sections: Record<string, Record<string, unknown>> = {};
  for (const [name, section] of Object.entries(schema.shape)) {
    const keys = Object.keys((section as z.ZodObject).shape);
    sections[name] = { ...defaults[name], ...asObject(raw[name]), ...fromEnvironment(name, keys, env, problems) };
  }
  const parsed = schema.safeParse(sections);
  if (!parsed.success) problems.push(...parsed.error.issues.flatMap((issue) => describeIssue(schema, sections, issue)));
  else problems.push(...weakSecrets(parsed.data));
  if (problems.length > 0) throw new ConfigError(problems);
  return freeze(parsed.data as z.infer<Schema>);
}

function readSections(file: string, problems: string[]): Record<string, unknown> {
  try {
    const content: unknown = parse(readFileSync(file, 'utf8'));
    if (content === null || content === undefined) return {};
    if (isObject(content)) return content;
    problems.push(`${file}: must hold sections, e.g. \`log:\\n  level: info\``);
  } catch (error) {
    const why =
      error instanceof YAMLParseError ? error.message.split('\n')[0]?.replace(/:$/, '') : (error as Error).message;
    problems.push(`${file}: cannot be read: ${why}`);
  }
  return {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function exampleOf(schema: z.ZodObject, section: string): string {
  const [key, field] = Object.entries((schema.shape[section] as z.ZodObject | undefined)?.shape ?? {})[0] ?? [];
  return key === undefined
    ? `${section}: {}`
    : `${section}: { ${key}: ${String((field as z.ZodType).meta()?.['example'])} }`;
}

function fromEnvironment(
  section: string,
  keys: readonly string[],
  env: Record<string, string | undefined>,
  problems: string[],
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const key of keys) {
    const name = environmentName(section, key);
    const direct = env[name];
    if (direct !== undefined && direct !== '') values[key] = direct;
    const path = env[`${name}_FILE`];
    if (path === undefined || path === '') continue;
    try {
      values[key] = readFileSync(path, 'utf8').trimEnd();
    } catch (error) {
      problems.push(`${name}_FILE: cannot be read: ${(error as Error).message}`);
    }
  }
  return values;
}

export function environmentName(section: string, key: string): string {
  return `${section}_${key}`.toUpperCase();
}

function describeIssue(
  schema: z.ZodObject,
  sections: Record<string, Record<string, unknown>>,
  issue: z.core.$ZodIssue,
): string[] {
  const [section, key] = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys((schema.shape[section ?? ''] as z.ZodObject | undefined)?.shape ?? {});
    return issue.keys.map((unknown) => `${section}.${unknown}: unknown key; known are ${known.join(', ')}`);
  }
  if (section === undefined || key === undefined) return [issue.message];
  const field = (schema.shape[section] as z.ZodObject | undefined)?.shape[key] as z.ZodType | undefined;
  const example = field?.meta()?.['example'] as string | number | boolean | undefined;
  const hint = example === undefined ? '' : `; e.g. ${environmentName(section, key)}=${example}`;
  const what = sections[section]?.[key] === undefined ? 'is missing' : issue.message;
  return [`${section}.${key}: ${what}${hint}`];
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}
