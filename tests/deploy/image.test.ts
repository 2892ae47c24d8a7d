import { execFileSync, spawnSync } from 'node:child_process';
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
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

  test('checks health by an answer', () => {
    const { status, stderr } = run('deploy/image/check-health.ts', { HEALTH_PORT: '1' });
    expect(stderr).toContain('fetch failed');
    expect(status).toBe(1);
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
