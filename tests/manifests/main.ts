// Holds the files that deploy to their schemas: k8s/ and each overlay in deploy/, as kubectl renders it, to the API of the current Kubernetes and the two
// before it (a misspelt field is an error), what operators bring to their CRDs, compose and workflows to theirs. Needs kubectl (no cluster) and python3, whose packages come from
// PyPI once. Exit code 1 if anything is not as it must be.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTempDir } from '@hookline/testkit';
import { kubernetesManifests } from '../deploy/manifests.ts';

const ROOT = join(import.meta.dirname, '../..');
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const VERSIONS = ['1.37', '1.36', '1.35'];
/** Kinds of which the cluster's API knows nothing: operators.py holds them to their CRDs. Each lies in an overlay of its own. */
const FROM_ELSEWHERE = ['ScaledObject', 'ServiceMonitor', 'PrometheusRule'];

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw new Error(`${command} is needed for this: ${error.message}`);
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${status}:\n${stderr}${stdout}`);
  return stdout + stderr;
}

/** Python with the validators in an environment of its own, made once for what requirements.txt names. */
function installValidators(): string {
  const version = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(ROOT, `node_modules/.cache/hookline/validators-${version}`);
  const python = join(folder, 'bin/python3');
  if (!existsSync(join(folder, 'complete'))) {
    rmSync(folder, { recursive: true, force: true });
    run('python3', '-m', 'venv', folder);
    run(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS);
    writeFileSync(join(folder, 'complete'), '');
  }
  return python;
}

const SCHEMAS: Record<string, string> = {
  'docker-compose.yml': 'vendor.compose-spec',
  '.github/workflows/ci.yml': 'vendor.github-workflows',
  '.github/actions/prepare/action.yml': 'vendor.github-actions',
};

const python = installValidators();
for (const [file, schema] of Object.entries(SCHEMAS)) {
  run(python, '-m', 'check_jsonschema', '--builtin-schema', schema, file);
}
console.log(`${Object.keys(SCHEMAS).join(', ')} are as their schemas have it`);

const temp = await createTempDir('hookline-manifests');
const overlays = readdirSync(join(ROOT, 'deploy'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('kustomization.yaml'))
  .map((name) => dirname(name));
const rendered = overlays.map((name) => {
  const file = join(temp.path, `${name.replaceAll('/', '-')}.yaml`);
  writeFileSync(file, run('kubectl', 'kustomize', join('deploy', name)));
  return file;
});
const plain = readdirSync(join(ROOT, 'k8s'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join('k8s', name));
// No part of an overlay: it has no name before it is there.
plain.push('deploy/kubernetes/tool/job.yaml');
console.log(
  `${run(python, join(import.meta.dirname, 'operators.py'), ...rendered).trim()} are as their CRDs have them`,
);
let problems = 0;
for (const version of VERSIONS) {
  const options = ['--strict', '--quiet', '-k', version];
  const said = run(python, '-m', 'kubernetes_validate', ...options, ...plain, ...rendered);
  for (const line of said.split('\n').filter((text) => text.trim() !== '')) {
    if (FROM_ELSEWHERE.some((kind) => line.includes(`for kind ${kind} `)) && line.includes(temp.path)) continue;
    console.error(line);
    problems++;
  }
}
await temp.remove();
console.log(
  `${kubernetesManifests().length} manifests and ${overlays.length} overlays (${overlays.join(', ')}) held to Kubernetes ${VERSIONS.join(', ')}`,
);
console.log(problems === 0 ? 'passed' : 'FAILED');
process.exit(problems === 0 ? 0 : 1);
