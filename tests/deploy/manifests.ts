import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ROOT } from '../docs/markdown.ts';

/** What deployment files hold, as far as tests look at it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  data?: Record<string, string>;
  // Each kind has its own; tests say what they expect of it.
  spec?: any; // oxlint-disable-line typescript/no-explicit-any
}

/** Every YAML file below the folder, by its path from the root. */
export function yamlFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$|Kustomization$/.test(name))
    .map((name) => join(folder, name))
    .toSorted();
}

/** @throws Error where a document is not YAML, or has a key twice */
export function readYaml(file: string): unknown[] {
  const documents = parseAllDocuments(readFileSync(join(ROOT, file), 'utf8'), { merge: true });
  return documents.map((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw new Error(`${file}: ${problem.message}`);
    return document.toJS() as unknown;
  });
}

export function kubernetesManifests(): Manifest[] {
  const files = readdirSync(join(ROOT, 'k8s')).filter((name) => name.endsWith('.yaml'));
  return files.toSorted().flatMap((name) => readYaml(join('k8s', name)) as Manifest[]);
}

/** Finds one of them by its kind and name; that it is there, tests take for granted. */
export function namedIn(manifests: readonly Manifest[]): (kind: string, name: string) => Manifest {
  return (kind, name) => manifests.find((each) => each.kind === kind && each.metadata.name === name)!;
}
