import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { TOPICS } from '@hookline/contracts';
import { readDoc, ROOT, section, tableRows } from './markdown.ts';

const DAY_MS = 86_400_000;
const MIB = 1024 * 1024;

/** Paths in backticks that begin like a folder of the repository, as far as they have no placeholders. */
function pathsIn(text: string): string[] {
  const named = [...text.matchAll(/`((?:services|libs|apps|tools|tests|migrations|proto|docs|deploy)\/[\w./-]+)`/g)];
  return named.map(([, path]) => path as string);
}

describe('docs/architecture.md', () => {
  const doc = readDoc('architecture.md');

  test('the table of topics is the one that they are made from', () => {
    const rows = tableRows(section(doc, '## Topics')).map((row) => row.slice(0, 5));
    expect(rows).toEqual(
      TOPICS.map(({ name, partitions, cleanup, retentionMs, maxBytes }) => [
        name,
        String(partitions),
        cleanup,
        `${retentionMs / DAY_MS} d`,
        `${maxBytes / MIB} MiB`,
      ]),
    );
  });

  test('the table of services names those that there are', () => {
    const services = tableRows(section(doc, '## The six services')).map(([name]) => name ?? '');
    expect(services.toSorted()).toEqual(readdirSync(join(ROOT, 'services')).toSorted());
  });
});

const DOCS = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.md'),
);

describe.each(DOCS)('docs/%s', (file) => {
  const text = readDoc(file);

  test('names only files that exist', () => {
    expect(pathsIn(text).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('links only to files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target as string);
    expect(links.filter((target) => !existsSync(join(ROOT, 'docs', file, '..', target)))).toEqual([]);
  });
});

describe('docs/decisions', () => {
  const files = readdirSync(join(ROOT, 'docs/decisions')).toSorted();

  test('have a number each', () => {
    const numbers = files.map((file) => /^(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]);
    expect(numbers).not.toContain(undefined);
    expect(new Set(numbers).size).toBe(files.length);
  });

  test.each(files)('%s has context, decision and consequences', (file) => {
    const marks = readDoc(`decisions/${file}`)
      .split('\n')
      .filter((line) => line.startsWith('## '));
    expect(marks).toEqual(['## Context', '## Decision', '## Consequences']);
  });
});
