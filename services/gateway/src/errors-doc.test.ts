import {
  Conflict,
  Forbidden,
  InvalidInput,
  NotFound,
  PreconditionFailed,
  RateLimited,
  TooLarge,
  Unauthenticated,
  Unavailable,
} from '@hookline/domain';
import { problemOf } from '@hookline/service-kit';
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** The codes of docs/errors.md with their status. */
function documented(): Map<string, number> {
  const rows = readFileSync(join(root, 'docs/errors.md'), 'utf8').matchAll(/^\| `([a-z_]+)` +\| (\d{3}) +\|/gm);
  return new Map([...rows].map(([, code, status]) => [code as string, Number(status)]));
}

const CLASSES = [
  InvalidInput,
  Unauthenticated,
  Forbidden,
  NotFound,
  Conflict,
  PreconditionFailed,
  TooLarge,
  RateLimited,
  Unavailable,
];
const byDefault = [...CLASSES.map((Class) => new Class('')), new Error('a fault')].map(
  (error) => problemOf(error).body,
);

/** Codes that are given where an error is made: `code: 'token_expired'`, or named for several: `DOUBTFUL_CODE = '...'`. */
function given(): string[] {
  const files = ['libs', 'services'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => file.includes('/src/') && !file.includes('node_modules')),
  );
  const codes = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\b(?:code:|[A-Z_]+_CODE =) '([a-z_]+)'/g)].map(
      ([, code]) => code as string,
    ),
  );
  // zod's own, and a label of a metric.
  return codes.filter((code) => code !== 'custom' && code !== 'ok');
}

test('docs/errors.md lists every error code, and no other', () => {
  const codes = new Set([...given(), ...byDefault.map(({ code }) => code)]);
  expect(codes.size).toBeGreaterThan(20);
  expect([...documented().keys()].toSorted()).toEqual([...codes].toSorted());
});

test('with the status that it is answered with', () => {
  const table = documented();
  for (const { code, status } of byDefault) expect([code, table.get(code)]).toEqual([code, status]);
});
