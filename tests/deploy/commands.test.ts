import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { configKeys } from '../../tools/config/keys.ts';
import { readDoc, ROOT } from '../docs/markdown.ts';
import { readYaml, type Manifest } from './manifests.ts';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const makefile = readFileSync(join(ROOT, 'Makefile'), 'utf8');
const targets = [...makefile.matchAll(/^([a-z-]+):/gm)].map(([, name]) => name!);
const make = (...args: string[]) =>
  execFileSync('make', ['-C', ROOT, '--no-print-directory', ...args], { encoding: 'utf8' });

/** Every `npm run NAME` that the text says. */
function npmScripts(text: string): string[] {
  return [...text.matchAll(/npm run (?:--silent )?([a-z:-]+)/g)].map(([, name]) => name!);
}

describe('the Makefile', () => {
  test('has what operators type', () => {
    const promised =
      'help dev-setup run migrate-up migrate-create build proto proto-gen test docker-build docker-dev grpc-up grpc-logs';
    expect(targets).toEqual(expect.arrayContaining(promised.split(' ')));
  });

  test.each(targets)('%s does something that exists', (target) => {
    const lines = make('-n', target, 'NAME=add-something');
    expect(lines.trim()).not.toBe('');
    for (const name of npmScripts(lines)) expect(Object.keys(scripts)).toContain(name);
    for (const [, file] of lines.matchAll(/\bnode (\S+)/g))
      expect(readFileSync(join(ROOT, file!), 'utf8')).not.toBe('');
  });

  test('help lists all, and is what make alone does', () => {
    const listed = make().trim().split('\n');
    expect(listed.map((line) => line.split(' ')[0]!).toSorted()).toEqual(targets.toSorted());
  });

  test('what is pushed by gRPC is sent, too', () => {
    const [, started] = /--wait (.+)/.exec(make('-n', 'grpc-up')) ?? [];
    expect(started?.split(' ')).toEqual(expect.arrayContaining(['gateway', 'registry', 'dispatcher', 'retry-manager']));
  });

  test('a migration wants a name', () => {
    expect(() => execFileSync('make', ['-C', ROOT, '-n', 'migrate-create'], { stdio: 'pipe' })).toThrow(
      /NAME is missing/,
    );
  });
});

interface Step {
  uses?: string;
  run?: string;
}

describe('the workflow', () => {
  const [workflow] = readYaml('.github/workflows/ci.yml') as [{ jobs: Record<string, { steps: Step[] }> }];
  const [action] = readYaml('.github/actions/prepare/action.yml') as [{ runs: { steps: Step[] } }];
  const steps = [...Object.values(workflow.jobs).flatMap((job) => job.steps), ...action.runs.steps];

  test('runs the tests, and all that CI runs here', () => {
    expect(steps.map(({ run }) => run)).toEqual(expect.arrayContaining(['npm test', 'npm run test:ci']));
    for (const { run = '' } of steps) {
      for (const name of npmScripts(run)) expect(Object.keys(scripts)).toContain(name);
    }
  });

  test('takes each action at a major version', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []).filter((name) => !name.startsWith('./'));
    for (const name of used) expect(name).toMatch(/^actions\/[a-z-]+@v\d+$/);
  });
});

const PAGES = [
  'README.md',
  ...['deployment', 'backup', 'upgrading', 'tuning', 'troubleshooting'].map((page) => `docs/${page}.md`),
];

test.each(PAGES)('%s names scripts, files and pages that exist', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  for (const name of npmScripts(text)) expect(Object.keys(scripts)).toContain(name);
  for (const [, file] of text.matchAll(/\bnode (\w[\w./-]+\.ts)/g)) expect(existsSync(join(ROOT, file!))).toBe(true);
  for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
    expect([link, existsSync(join(ROOT, dirname(page), link!))]).toEqual([link, true]);
  }
});

const FOR_OPERATORS = [
  ...PAGES,
  'docs/authentication.md',
  ...readdirSync(join(ROOT, 'docs/runbooks')).map((name) => `docs/runbooks/${name}`),
];

describe('tools where the image runs', () => {
  const texts = FOR_OPERATORS.map((page) => [page, readFileSync(join(ROOT, page), 'utf8')] as const);
  const build = readFileSync(join(ROOT, 'deploy/image/build.sh'), 'utf8');
  const inImage = /^for tool in (.*); do$/m.exec(build)![1]!.split(' ');

  test('whatever a page runs by compose or as a Job is in the image', () => {
    const run = texts.flatMap(([, text]) => [
      ...text.matchAll(/docker compose run --rm (?:--no-deps )?[a-z-]+ (\S+\.ts)/g),
      ...text.matchAll(/args: \[(tools\/[^,\]]+)/g),
    ]);
    expect(run.length).toBeGreaterThan(5);
    for (const [, file] of run) expect(inImage).toContain(file);
  });

  test.each(['upgrading', 'backup', 'authentication', 'runbooks/hookline-records-rejected'])(
    'docs/%s.md says how to run there what it has operators run',
    (page) => {
      const text = readDoc(`${page}.md`);
      const files = npmScripts(text).flatMap((name) => /^node (tools\/\S+)$/.exec(scripts[name]!)?.[1] ?? []);
      for (const file of files) expect(inImage).toContain(file);
      expect(text).toMatch(/docker compose run --rm/);
      expect(text).toMatch(/deployment\.md#tools/);
    },
  );

  test('the Job gets what is put in, and nothing else changes', () => {
    const template = readFileSync(join(ROOT, 'deploy/kubernetes/tool/job.yaml'), 'utf8');
    const commands = texts.flatMap(([, text]) => [...text.matchAll(/^ *(sed '[^']+' \S+) \| kubectl create -f -/gm)]);
    expect(commands.length).toBeGreaterThan(1);
    for (const [, command] of commands) {
      const made = execFileSync('sh', ['-c', command!], { cwd: ROOT, encoding: 'utf8' });
      const args = parse(/\[.*\]/.exec(command!)![0]) as string[];
      const expected = parse(template) as Manifest;
      expected.spec.template.spec.containers[0].args = args;
      expect(parse(made)).toEqual(expected);
    }
  });
});

const METRICS = readDoc('metrics.md');

test.each(['tuning', 'troubleshooting'])('docs/%s.md names metrics and settings that exist', (page) => {
  const text = readDoc(`${page}.md`);
  const settings = new Set(configKeys().map(({ section, key }) => `${section}.${key}`));
  const sections = new Set(configKeys().map(({ section }) => section));
  for (const [, name] of text.matchAll(/`(webhook_\w+)`/g)) expect(METRICS).toContain(`\`${name}\``);
  for (const [, name, section] of text.matchAll(/`((\w+)\.\w+)(?::[^`]*)?`/g)) {
    if (sections.has(section!)) expect(settings).toContain(name);
  }
});
