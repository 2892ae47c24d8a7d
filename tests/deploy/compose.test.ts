import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '@hookline/service-kit';
import { SERVICE_NAMES, SERVICES } from '../../tools/platform/services.ts';
import { readDoc, ROOT, section, tableRows } from '../docs/markdown.ts';
import { configKeys, SCHEMAS } from '../../tools/config/keys.ts';
import { PREVIOUS } from '../docs/secrets.ts';
import { readYaml } from './manifests.ts';

interface Service {
  image: string;
  build?: string;
  pull_policy?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  profiles?: string[];
  depends_on?: Record<string, { condition: string }> | string[];
  healthcheck?: object;
  volumes?: string[];
  stop_grace_period?: string;
  read_only?: boolean;
  logging?: { driver: string; options: Record<string, string> };
}

/** Read by the SDK of OpenTelemetry, not by ours. */
const OF_THE_SDK = ['OTEL_EXPORTER_OTLP_HEADERS'];

const [compose] = readYaml('docker-compose.yml') as [{ services: Record<string, Service>; volumes: object }];
const { services } = compose;

let folder: string;
let secrets: Record<string, string>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-env-'));
  const file = join(folder, '.env');
  execFileSync('sh', [join(ROOT, 'deploy/compose/make-env.sh'), file], { stdio: 'pipe' });
  secrets = readEnv(file);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function readEnv(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const pairs = lines.filter((line) => /^\w+=/.test(line));
  return Object.fromEntries(pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** As compose does it: `${NAME:?...}` and `${NAME:-default}`. */
function interpolate(text: string): string {
  return text.replaceAll(/\$\{(\w+):([?-])([^}]*)\}/g, (_whole, name: string, kind: string, rest: string) => {
    const value = secrets[name] ?? (kind === '-' ? rest : undefined);
    if (value === undefined) throw new Error(`${name} is missing`);
    return value;
  });
}

describe('docker-compose.yml', () => {
  test.each(SERVICE_NAMES)('%s starts with the settings that it is given', (name) => {
    const { HEALTH_PORT: healthPort, ...environment } = services[name]!.environment!;
    expect(services[name]!.command).toEqual([`services/${name}/src/main.ts`]);
    expect(healthPort).toBe(String(SERVICES[name].port));
    const env = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, interpolate(value)]));
    expect(unknownSettings(name, env)).toEqual([]);
    expect(loadConfig(SCHEMAS[name]!, { env })).toMatchObject({ hookline: { host: '0.0.0.0' } });
  });

  test('whoever gets a key gets the old ones beside it, once there are any', () => {
    for (const name of SERVICE_NAMES) {
      const environment = services[name]!.environment!;
      for (const [key, previous] of Object.entries(PREVIOUS)) {
        expect(environment[previous]).toBe(key in environment ? `\${${previous}:-}` : undefined);
      }
    }
  });

  test('an outside issuer and a collector of traces can be named in .env', () => {
    const keys = configKeys().filter(({ section, key }) => section === 'tracing' || key.startsWith('oauth2_'));
    for (const name of SERVICE_NAMES) {
      const environment = services[name]!.environment!;
      const verifies = 'SECURITY_JWT_SECRET' in environment;
      const expected = keys.filter(({ section }) => verifies || section === 'tracing');
      const passed = Object.keys(environment).filter((key) => /^(TRACING|SECURITY_OAUTH2)_/.test(key));
      expect(passed.toSorted()).toEqual(expected.map((each) => each.environment).toSorted());
      for (const key of [...passed, ...OF_THE_SDK]) expect(environment[key]).toBe(`\${${key}:-}`);
    }
  });

  test.each(SERVICE_NAMES)(
    '%s waits for its stores, writes nothing, and has 10 s more than its grace period',
    (name) => {
      expect(services[name]).toMatchObject({
        depends_on: { 'prepare-stores': { condition: 'service_completed_successfully' } },
        read_only: true,
        stop_grace_period: '35s',
      });
    },
  );

  test('one service builds the image, the others wait for it and ask no registry', () => {
    const ours = Object.entries(services).filter(([, { image }]) => image.startsWith('hookline:'));
    expect(ours.map(([name]) => name).toSorted()).toEqual([...SERVICE_NAMES, 'prepare-stores'].toSorted());
    expect(ours.filter(([, { build }]) => build !== undefined).map(([name]) => name)).toEqual(['prepare-stores']);
    for (const [, { pull_policy: policy }] of ours) expect(policy).toBe('never');
  });

  test('stores are prepared once each is well', () => {
    const { depends_on: dependsOn, command } = services['prepare-stores']!;
    for (const store of ['postgres', 'redis', 'kafka']) {
      expect(dependsOn).toMatchObject({ [store]: { condition: 'service_healthy' } });
      expect(services[store]!.healthcheck).toBeDefined();
    }
    expect(command).toEqual(['tools/prepare-stores.ts']);
    expect(services['redis']!.command).toContain('noeviction');
  });

  test('whatever somebody waits for exists', () => {
    for (const { depends_on: dependsOn = {} } of Object.values(services)) {
      const names = Array.isArray(dependsOn) ? dependsOn : Object.keys(dependsOn);
      expect(Object.keys(services)).toEqual(expect.arrayContaining(names));
    }
  });

  test('only what shows the platform is behind the profile, at the ports that are promised, on loopback', () => {
    const extras = Object.entries(services).filter(([, { profiles }]) => profiles?.includes('extras'));
    const names = ['prometheus', 'grafana', 'loki', 'alloy', 'schema-registry', 'kafka-ui', 'redis-insight'];
    expect(extras.map(([name]) => name)).toEqual(names);
    const ports = Object.entries(services).flatMap(([name, { ports: published }]) =>
      published === undefined ? [] : [[name, published.map((port) => port.split(':').slice(0, 2).join(':'))]],
    );
    expect(Object.fromEntries(ports)).toEqual({
      gateway: ['127.0.0.1:8080', '127.0.0.1:50051'],
      ingestion: ['127.0.0.1:8082'],
      prometheus: ['127.0.0.1:9090'],
      grafana: ['127.0.0.1:3000'],
      'schema-registry': ['127.0.0.1:8086'],
      'kafka-ui': ['127.0.0.1:8888'],
      'redis-insight': ['127.0.0.1:8001'],
    });
  });

  test('no container fills the disk with its lines', () => {
    for (const { logging } of Object.values(services)) {
      expect(logging).toEqual({
        driver: 'json-file',
        options: { 'max-size': expect.stringMatching(/^\d+m$/), 'max-file': expect.stringMatching(/^\d$/) },
      });
    }
  });

  test('named volumes are declared', () => {
    const used = Object.values(services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0]!));
    const named = used.filter((volume) => /^\w/.test(volume));
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
  });

  test('docs/deployment.md gives commands and ports as they are', () => {
    const rows = tableRows(readDoc('deployment.md')).filter(([name = '']) => name in SERVICES);
    expect(Object.fromEntries(rows.map(([name, command, , health]) => [name, [command, health]]))).toEqual(
      Object.fromEntries(
        SERVICE_NAMES.map((name) => [name, [services[name]!.command![0], String(SERVICES[name].port)]]),
      ),
    );
  });

  test('docs/deployment.md names every port that is published', () => {
    const doc = readDoc('deployment.md');
    const published = Object.values(services).flatMap(({ ports = [] }) => ports.map((each) => each.split(':')[1]!));
    for (const port of published) expect(section(doc, '## Compose: one machine')).toContain(`localhost:${port}`);
  });

  test('every image has a version', () => {
    for (const { image } of Object.values(services)) expect(image).toMatch(/:v?\d+\.\d+/);
  });

  test('no secret is in it, and each that it asks for is made, anew', () => {
    const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
    const asked = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name!);
    const made = Object.keys(secrets).filter((name) => name !== 'COMPOSE_PROFILES');
    expect([...new Set(asked)].toSorted()).toEqual(made.toSorted());
    const other = join(folder, 'other');
    execFileSync('sh', [join(ROOT, 'deploy/compose/make-env.sh'), other], { stdio: 'pipe' });
    for (const name of made) expect(readEnv(other)[name]).not.toBe(secrets[name]);
    expect(statSync(other).mode & 0o077).toBe(0);
  });

  test('secrets that are there stay', () => {
    const run = () =>
      execFileSync('sh', [join(ROOT, 'deploy/compose/make-env.sh'), join(folder, '.env')], { stdio: 'pipe' });
    expect(run).toThrow(/exists already/);
    expect(readEnv(join(folder, '.env'))).toEqual(secrets);
  });

  test('they are not committed, nor in the image', () => {
    expect(readFileSync(join(ROOT, '.gitignore'), 'utf8').split('\n')).toContain('.env');
    const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    expect(ignored).toContain('*');
    expect(ignored).not.toContain('!.env');
  });
});

function unknownSettings(service: string, env: Record<string, string>): string[] {
  const known = Object.entries(SCHEMAS[service]!.shape).flatMap(([section, keys]) =>
    Object.keys((keys as unknown as { shape: object }).shape).map((key) => `${section}_${key}`.toUpperCase()),
  );
  return Object.keys(env).filter((name) => !known.includes(name) && !OF_THE_SDK.includes(name));
}
