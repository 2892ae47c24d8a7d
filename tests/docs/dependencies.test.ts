import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readDoc, ROOT, section, tableRows } from './markdown.ts';

interface PackageJson {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const folders = ['libs', 'services', 'apps'].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).map((name) => join(folder, name)),
);
const packages = ['.', ...folders].map(
  (folder) => JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as PackageJson,
);

function foreign(kind: keyof PackageJson): string[] {
  const names = packages.flatMap((each) => Object.keys(each[kind] ?? {}));
  return [...new Set(names)].filter((name) => !name.startsWith('@hookline/')).toSorted();
}

describe('docs/dependencies.md', () => {
  const doc = readDoc('dependencies.md');
  const named = (heading: string) =>
    tableRows(section(doc, heading))
      .map(([name]) => name ?? '')
      .toSorted();

  test('names exactly the runtime dependencies', () => {
    expect(named('## At run time')).toEqual(foreign('dependencies'));
  });

  test('names exactly the other dependencies', () => {
    const runtime = new Set(foreign('dependencies'));
    expect(named('## For development')).toEqual(foreign('devDependencies').filter((name) => !runtime.has(name)));
  });
});
