import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLog, listen, type HttpServer, type TlsFiles } from '@hookline/service-kit';
import { createAuthority } from '@hookline/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { validate } from 'dockerfile-utils';
import { ROOT } from '../docs/markdown.ts';

/** What deploy/image/build.sh makes in an empty folder; npm is left out, and packages are linked from here instead. */
let folder: string;
let app: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-image-'));
  app = join(folder, 'app');
  writeFileSync(join(folder, 'npm'), '#!/bin/sh\nexit 0\n');
  chmodSync(join(folder, 'npm'), 0o755);
  build(app);
  linkPackages();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function build(target: string): void {
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
  execFileSync('sh', [join(ROOT, 'deploy/image/build.sh'), ROOT, target], { env, stdio: 'pipe' });
}

/** As npm does it: workspaces by links to where they are in the same tree. */
function linkPackages(): void {
  const modules = join(app, 'node_modules');
  mkdirSync(join(modules, '@hookline'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@hookline') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  for (const kind of ['libs', 'services']) {
    for (const name of readdirSync(join(app, kind))) {
      symlinkSync(join('../..', kind, name), join(modules, '@hookline', name));
    }
  }
}

function run(command: string, env: Record<string, string> = {}) {
  const options = { cwd: app, env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8', timeout: 30_000 } as const;
  return spawnSync(process.execPath, command.split(' '), options);
}

const servers: HttpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(Date.now());
});

/** A listener as the services have it, of which only health is asked; its port. */
async function listenAs(scheme: 'http' | 'https', status: number): Promise<number> {
  const options = { host: '127.0.0.1', port: 0, setting: 'gateway.port' };
  const answer: RequestListener = ({ url }, response) =>
    response.writeHead(url === '/health/live' ? status : 404).end();
  const tls = scheme === 'http' ? {} : { tls: await writeCertificate(), log: createLog('test', 'silent') };
  const server = await listen(answer, { ...options, ...tls });
  servers.push(server);
  return server.port;
}

async function writeCertificate(): Promise<TlsFiles> {
  const { certificate, privateKey } = await (await createAuthority()).issue('hookline.example.com');
  const files = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
  writeFileSync(files.certFile, certificate);
  writeFileSync(files.keyFile, privateKey);
  return files;
}

async function checkHealth(port: number): Promise<{ code: number; stderr: string }> {
  const options = { cwd: app, env: { HEALTH_PORT: String(port) }, timeout: 30_000 };
  return promisify(execFile)(process.execPath, ['deploy/image/check-health.ts'], options).then(
    ({ stderr }) => ({ code: 0, stderr }),
    (error: unknown) => {
      const { code, stderr } = error as { code: number; stderr: string };
      return { code, stderr };
    },
  );
}

describe('the image', () => {
  test.each(readdirSync(join(ROOT, 'services')))('has all that %s loads: it asks for settings only', (service) => {
    const { status, stderr } = run(`services/${service}/src/main.ts`);
    expect(stderr).toMatch(/the configuration has|needs a shared back end/);
    expect(status).toBe(1);
  });

  test.each([
    'prepare-stores.ts',
    'migrate.ts',
    'restored.ts 2026-11-28',
    'schemas.ts http://127.0.0.1:1',
    'retention.ts',
  ])('has all that %s loads', (tool) => {
    expect(run(`tools/${tool}`).stderr).toContain('needs a shared back end');
  });

  test('seals with a new key, once it has both', () => {
    expect(run('tools/rotate-keys.ts').stderr).toContain('security.encryption_key: is missing');
  });

  test('checks settings', () => {
    const { status, stderr } = run('tools/check-config.ts', { HOOKLINE_HOST: '0.0.0.0' });
    expect(stderr).toContain('security.encryption_key: is missing');
    expect(status).toBe(1);
    expect(run('tools/check-config.ts').stdout).toContain('has no problems');
  });

  test.each([
    ['http', 200, 0, ''],
    ['https', 200, 0, ''],
    ['https', 503, 1, 'answered 503\n'],
  ] as const)('checks health by an answer: %s, %i', async (scheme, status, code, said) => {
    const port = await listenAs(scheme, status);
    expect(await checkHealth(port)).toEqual({ code, stderr: said });
  });

  test('checks health where nobody listens', async () => {
    expect(await checkHealth(1)).toEqual({ code: 1, stderr: expect.stringContaining('ECONNREFUSED') });
  });

  test('has no tests and no settings of whoever builds it', () => {
    const files = ['libs', 'services', 'tools'].flatMap((part) =>
      readdirSync(join(app, part), { recursive: true, encoding: 'utf8' }),
    );
    expect(files.filter((name) => name.endsWith('.test.ts'))).toEqual([]);
    for (const name of ['.env', 'config.yaml', 'tests', '.hookline']) expect(existsSync(join(app, name))).toBe(false);
  });

  test('is only made in an empty folder', () => {
    expect(() => build(app)).toThrow(/is not empty/);
  });

  test('gets from Docker what it is made of', () => {
    const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    const script = readFileSync(join(ROOT, 'deploy/image/build.sh'), 'utf8');
    const parts = /^for part in (.*); do$/m.exec(script)![1]!.split(' ');
    const tools = /^for tool in (.*); do$/m.exec(script)![1]!.split(' ');
    const taken = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(taken).toEqual(expect.arrayContaining(parts));
    for (const tool of tools) expect(taken.some((path) => tool === path || tool.startsWith(`${path}/`))).toBe(true);
  });

  test('is made by a Dockerfile that a linter has nothing against', () => {
    expect(validate(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'))).toEqual([]);
    expect(validate('FROM node:26\nRUNN true\n').map(({ message }) => message)).toEqual(['Unknown instruction: RUNN']);
  });

  test('starts Node itself, as nobody in particular', () => {
    const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: { node: string };
    };
    for (const [, version] of dockerfile.matchAll(/^FROM node:(\S+?)-/gm)) expect(version).toBe(dependencies.node);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node"\]$/m);
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
  });
});
