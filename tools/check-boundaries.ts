// Who may import whom: each workspace has a tag `type:...` in its package.json; the Nx graph says which workspaces there are and how they depend.
// Fails on an import across a boundary, an undeclared import, a cycle, or back ends chosen outside a service's adapters.ts.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

type Type =
  | 'domain'
  | 'contracts'
  | 'kit'
  | 'port'
  | 'driver'
  | 'adapter'
  | 'delivery'
  | 'backends'
  | 'service'
  | 'app'
  | 'testkit';

const MAY_IMPORT: Record<Type, readonly Type[]> = {
  domain: [],
  contracts: ['domain'],
  kit: ['domain'],
  port: ['domain'],
  driver: ['domain'],
  adapter: ['domain', 'contracts', 'kit', 'port', 'driver'],
  delivery: ['domain', 'kit', 'port'],
  backends: ['domain', 'contracts', 'kit', 'port', 'adapter'],
  service: ['domain', 'contracts', 'kit', 'port', 'delivery', 'backends'],
  app: ['domain', 'contracts', 'kit', 'port', 'delivery', 'backends', 'service'],
  testkit: ['domain'],
};

interface Project {
  name: string;
  root: string;
  type: Type;
  dependencies: Set<string>;
  devDependencies: Set<string>;
}

interface Graph {
  graph: {
    nodes: Record<string, { data: { root: string; tags?: string[] } }>;
    dependencies: Record<string, { source: string; target: string }[]>;
  };
}

const root = join(import.meta.dirname, '..');
const problems: string[] = [];

function readGraph(): Graph {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-graph-'));
  const file = join(folder, 'graph.json');
  const { status, stderr } = spawnSync(join(root, 'node_modules/.bin/nx'), ['graph', `--file=${file}`], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  if (status !== 0) throw new Error(`nx graph failed: ${stderr}`);
  const graph = JSON.parse(readFileSync(file, 'utf8')) as Graph;
  rmSync(folder, { recursive: true });
  return graph;
}

function toProject(name: string, { root: folder, tags = [] }: { root: string; tags?: string[] }): Project | null {
  const type = tags.find((tag) => tag.startsWith('type:'))?.slice('type:'.length);
  if (type === undefined || !(type in MAY_IMPORT)) {
    if (folder !== '.')
      problems.push(
        `${folder}/package.json: needs one nx tag of ${Object.keys(MAY_IMPORT)
          .map((known) => `type:${known}`)
          .join(', ')}`,
      );
    return null;
  }
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    readFileSync(join(root, folder, 'package.json'), 'utf8'),
  ) as { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };
  return {
    name,
    root: folder,
    type: type as Type,
    dependencies: new Set(Object.keys(dependencies)),
    devDependencies: new Set(Object.keys(devDependencies)),
  };
}

function sourcesOf(project: Project): string[] {
  return readdirSync(join(root, project.root), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const IMPORT =
  /^\s*(?:import|export)\b[^;'"]*?\bfrom\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;
const isTest = (file: string) => /\.test\.ts$|\.contract\.ts$|\/(?:contract|testing)\//.test(file);

function packageOf(specifier: string): string | null {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return null;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function checkFile(file: string, project: Project, projects: Map<string, Project>): void {
  const text = readFileSync(join(root, file), 'utf8');
  for (const [, from, bare, dynamic] of text.matchAll(IMPORT)) {
    const specifier = (from ?? bare ?? dynamic) as string;
    if (
      specifier.startsWith('..') &&
      relative(join(root, project.root), join(root, file, '..', specifier)).startsWith('..')
    ) {
      problems.push(`${file}: reaches out of its workspace by ${specifier}`);
    }
    const imported = packageOf(specifier);
    if (imported === null || imported === project.name) continue;
    const target = projects.get(imported);
    if (isTest(file)) {
      // Tests may use what the root package.json brings (jest and the like) and whatever real part they need.
      if (target !== undefined && !project.dependencies.has(imported) && !project.devDependencies.has(imported)) {
        problems.push(
          `${file}: imports ${imported}, which ${project.root}/package.json does not declare (devDependencies)`,
        );
      }
      continue;
    }
    if (!project.dependencies.has(imported) && project.type !== 'testkit') {
      problems.push(`${file}: imports ${imported}, which ${project.root}/package.json does not declare`);
    }
    if (target !== undefined && !MAY_IMPORT[project.type].includes(target.type)) {
      problems.push(`${file}: a ${project.type} must not import ${imported}, a ${target.type}`);
    }
    if (project.type === 'service' && target?.type === 'backends' && !file.endsWith('/adapters.ts')) {
      problems.push(`${file}: back ends are chosen in adapters.ts only`);
    }
  }
}

function findCycle(projects: Map<string, Project>): string[] | null {
  const done = new Set<string>();
  const visit = (name: string, path: string[]): string[] | null => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return null;
    for (const dependency of projects.get(name)?.dependencies ?? []) {
      if (!projects.has(dependency)) continue;
      const cycle = visit(dependency, [...path, name]);
      if (cycle !== null) return cycle;
    }
    done.add(name);
    return null;
  };
  for (const name of projects.keys()) {
    const cycle = visit(name, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

const { graph } = readGraph();
const projects = new Map<string, Project>();
for (const [name, { data }] of Object.entries(graph.nodes)) {
  const project = toProject(name, data);
  if (project !== null) projects.set(name, project);
}
let files = 0;
for (const project of projects.values()) {
  for (const file of sourcesOf(project)) {
    files++;
    checkFile(file, project, projects);
  }
}
const cycle = findCycle(projects);
if (cycle !== null) problems.push(`the workspaces depend on each other in a circle: ${cycle.join(' → ')}`);

for (const problem of problems) console.error(problem);
console.log(`boundaries: ${projects.size} workspaces, ${files} files, ${problems.length} problems`);
process.exit(problems.length > 0 || projects.size === 0 ? 1 : 0);
