import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { apiDocument } from '../../services/gateway/src/index.ts';
import { readDoc, ROOT, tableRows } from './markdown.ts';

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  security: Record<string, string[]>[];
  parameters?: { name: string; in: string; required: boolean; schema: object; example?: unknown }[];
  requestBody?: { content: Record<string, { schema: object; example: unknown }> };
  responses: Record<string, { $ref?: string; description?: string }>;
}

const document = apiDocument() as unknown as {
  paths: Record<string, Record<string, Operation>>;
  components: Record<'schemas' | 'responses', Record<string, object>>;
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(
    ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as [string, Operation],
  ),
);

// Formats and what OpenAPI adds to JSON Schema say something to people.
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'document', components: document.components });

/** Where a schema refers to the document's components, it finds them. */
function check(schema: object, value: unknown): unknown {
  const within = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/')) as object;
  return ajv.validate(within, value) ? null : ajv.errorsText();
}

describe('docs/openapi.json', () => {
  test('is what the routes say (npm run openapi)', () => {
    expect(JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(document)),
    );
  });

  test('every operation has a name of its own', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect([...new Set(ids)]).toEqual(ids);
  });

  test('every schema can be used, and refers to what there is', () => {
    for (const name of Object.keys(document.components.schemas)) {
      expect(() => ajv.compile({ $ref: `document#/components/schemas/${name}` })).not.toThrow();
    }
  });

  test('names the codes of docs/errors.md, with their status', () => {
    const documented = new Map(tableRows(readDoc('errors.md')).map(([code, status]) => [code, status]));
    const said = operations.flatMap(([, { responses }]) =>
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

describe.each(operations)('%s', (_name, { parameters = [], requestBody, responses }) => {
  test('has an example of everything that must be there, and they fit', () => {
    for (const { name, required, schema, example } of parameters) {
      if (required) expect([name, example]).not.toEqual([name, undefined]);
      if (example !== undefined) expect([name, check(schema, example)]).toEqual([name, null]);
    }
    for (const { schema, example } of Object.values(requestBody?.content ?? {})) {
      expect(example).toBeDefined();
      expect(check(schema, example)).toBeNull();
    }
  });

  test('has a good answer', () => {
    expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
  });
});
