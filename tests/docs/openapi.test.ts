import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { compileAll, document, misfit, operations } from '../openapi/document.ts';
import { readDoc, ROOT, tableRows } from './markdown.ts';

describe('docs/openapi.json', () => {
  test('is what the routes say (npm run openapi)', () => {
    const copy = JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8')) as object;
    expect(copy).toEqual(JSON.parse(JSON.stringify(document)));
  });

  test('every operation has a name of its own', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect([...new Set(ids)]).toEqual(ids);
  });

  test('every schema can be used, and refers to what there is', () => {
    expect(compileAll).not.toThrow();
  });

  test('names the codes of docs/errors.md, with their status', () => {
    const documented = new Map(tableRows(readDoc('errors.md')).map(([code, status]) => [code, status]));
    const said = operations.flatMap(({ operation: { responses } }) =>
      Object.entries(responses).flatMap(([status, { description = '' }]) =>
        Number(status) < 400
          ? []
          : [...description.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, code]) => [code, status]),
      ),
    );
    expect(said.length).toBeGreaterThan(50);
    for (const [code, status] of said) expect([code, documented.get(code)]).toEqual([code, status]);
  });
});

const named = operations.map(({ method, path, operation }) => [`${method} ${path}`, operation] as const);

describe.each(named)('%s', (_name, { parameters = [], requestBody, responses }) => {
  test('has an example of everything that must be there, and they fit', () => {
    for (const { name, required, schema, example } of parameters) {
      if (required) expect([name, example]).not.toEqual([name, undefined]);
      if (example !== undefined) expect([name, misfit(schema, example)]).toEqual([name, null]);
    }
    for (const { schema, example } of Object.values(requestBody?.content ?? {})) {
      expect(example).toBeDefined();
      expect(misfit(schema, example)).toBeNull();
    }
  });

  test('has a good answer', () => {
    expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
  });
});
