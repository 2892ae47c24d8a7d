import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, environmentName, loadConfig, type ConfigSource } from './load.ts';
import { kafkaSection, logSection, securitySection } from './sections.ts';

const schema = z.object({ log: logSection, kafka: kafkaSection, security: securitySection });
const SECRETS = { SECURITY_JWT_SECRET: 'j'.repeat(32), SECURITY_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64') };

let temp: string;
beforeAll(() => {
  temp = mkdtempSync(join(tmpdir(), 'hookline-config-'));
});
afterAll(() => {
  rmSync(temp, { recursive: true, force: true });
});

function fileWith(text: string): string {
  const file = join(temp, 'config.yaml');
  writeFileSync(file, text);
  return file;
}

function load({ env = {}, ...rest }: Partial<ConfigSource>) {
  return loadConfig(schema, { env: { ...SECRETS, ...env }, ...rest });
}

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('a value comes from', () => {
  const defaults = { log: { level: 'warn' } };
  const file = () => fileWith('log:\n  level: error\n');

  test('the schema, where nobody says otherwise', () => {
    expect(load({}).log.level).toBe('info');
  });

  test("the source's defaults before that", () => {
    expect(load({ defaults }).log.level).toBe('warn');
  });

  test('the file before those', () => {
    expect(load({ defaults, file: file() }).log.level).toBe('error');
  });

  test('the environment before all', () => {
    expect(load({ defaults, file: file(), env: { LOG_LEVEL: 'debug' } }).log.level).toBe('debug');
  });

  test('not the environment where it is empty', () => {
    expect(load({ file: file(), env: { LOG_LEVEL: '', LOG_LEVEL_FILE: '' } }).log.level).toBe('error');
  });

  test('a file that the environment names, without the line end', () => {
    const path = join(temp, 'level');
    writeFileSync(path, 'fatal\n');
    expect(load({ file: file(), env: { LOG_LEVEL_FILE: path, LOG_LEVEL: 'debug' } }).log.level).toBe('fatal');
  });

  test('each its own: one key of a section leaves the others', () => {
    const config = load({ file: fileWith('kafka:\n  replication_factor: 3\n'), env: { KAFKA_BROKERS: 'a:1, b:2' } });
    expect(config.kafka).toMatchObject({ brokers: ['a:1', 'b:2'], replication_factor: 3, min_insync_replicas: 1 });
  });
});

describe('a file', () => {
  test.each(['', '# nothing\n', 'log:\n', 'log:\n  # level: error\n'])(
    'may be empty, or have an empty section: %j',
    (text) => {
      expect(load({ file: fileWith(text) }).log.level).toBe('info');
    },
  );

  test("may have other services' sections, which are not looked into", () => {
    expect(load({ file: fileWith('dispatcher:\n  whatever: 1\n') })).not.toHaveProperty('dispatcher');
  });

  test.each([
    ['logs:\n  level: info\n', 'logs: unknown section; known are '],
    ['log:\n  levels: info\n', 'log.levels: unknown key; known are level'],
    ['log: info\n', 'log: must hold keys, e.g. `log: { level: info }`'],
    ['kafka:\n  replication_factor:\n', 'kafka.replication_factor: must be a number; e.g. KAFKA_REPLICATION_FACTOR=1'],
    ['- log\n', 'must hold sections'],
    ['log: {\n', 'cannot be read'],
  ])('%j has a problem', (text, problem) => {
    expect(problemsOf(() => load({ file: fileWith(text) }))).toEqual([expect.stringContaining(problem)]);
  });

  test('that is not there is a problem, and so is one that the environment names', () => {
    const missing = join(temp, 'missing');
    expect(problemsOf(() => load({ file: missing }))).toEqual([expect.stringContaining(`${missing}: cannot be read`)]);
    expect(problemsOf(() => load({ env: { LOG_LEVEL_FILE: missing } }))).toEqual([
      expect.stringContaining('LOG_LEVEL_FILE: cannot be read'),
    ]);
  });
});

test('all problems are told together, missing apart from wrong, each with an example', () => {
  const read = () =>
    loadConfig(schema, {
      file: fileWith('nonsense: {}\nkafka:\n  replicas: 3\n'),
      env: { LOG_LEVEL: 'loud', SECURITY_JWT_SECRET: 'short', KAFKA_MIN_INSYNC_REPLICAS: '0' },
    });
  expect(problemsOf(read).toSorted()).toEqual([
    'kafka.min_insync_replicas: must be at least 1; e.g. KAFKA_MIN_INSYNC_REPLICAS=1',
    expect.stringMatching(/^kafka\.replicas: unknown key; known are brokers, replication_factor, /),
    'log.level: must be one of trace, debug, info, warn, error, fatal, silent; e.g. LOG_LEVEL=info',
    expect.stringContaining('nonsense: unknown section'),
    'security.encryption_key: is missing; e.g. SECURITY_ENCRYPTION_KEY="$(openssl rand -base64 32)"',
    'security.jwt_secret: must have at least 32 characters; e.g. SECURITY_JWT_SECRET="$(openssl rand -base64 48)"',
  ]);
  expect(read).toThrow(/the configuration has 6 problems:\n {2}- /);
});

test('a secret that is wrong is not in the message', () => {
  const read = () => load({ env: { SECURITY_JWT_SECRET: 'hunter2', SECURITY_ENCRYPTION_KEY: 'hunter3' } });
  expect(problemsOf(read)).toHaveLength(2);
  expect(read).not.toThrow(/hunter/);
});

test('an HMAC secret behind whsec_ is base64 of 24 to 64 bytes', () => {
  const problems = (secret: string) => problemsOf(() => load({ env: { SECURITY_HMAC_SECRET: secret } }));
  for (const bytes of [24, 64]) expect(problems(`whsec_${Buffer.alloc(bytes, 1).toString('base64')}`)).toEqual([]);
  for (const encoded of ['A'.repeat(28), 'no base64, '.repeat(5), '']) {
    expect(problems(`whsec_${encoded}`)).toContainEqual(expect.stringContaining('behind whsec_ there must be'));
  }
  expect(problems('no whsec_, so any text of this length')).toEqual([]);
});

test('the result is frozen to its depths', () => {
  const config = load({ env: { KAFKA_BROKERS: 'a:1' } });
  for (const part of [config, config.log, config.kafka, config.kafka.brokers]) expect(Object.isFrozen(part)).toBe(true);
});

test("a key's name in the environment", () => {
  expect(environmentName('retry_manager', 'max_retries')).toBe('RETRY_MANAGER_MAX_RETRIES');
});
