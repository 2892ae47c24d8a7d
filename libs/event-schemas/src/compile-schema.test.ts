import { describe, expect, test } from '@jest/globals';
import { compileSchema } from './compile-schema.ts';

function firstProblem(schema: unknown, data: unknown): string | null {
  const compiled = compileSchema(schema);
  if (compiled.kind === 'invalid') throw new Error(JSON.stringify(compiled.problems));
  return compiled.check(data, '/data')?.pointer ?? null;
}

const ORDER = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['id', 'total'],
  properties: {
    id: { type: 'string', pattern: '^o-[0-9]+$' },
    total: { type: 'number', minimum: 0 },
    lines: { type: 'array', items: { $ref: '#/$defs/line' } },
    at: { type: 'string', format: 'date-time' },
  },
  additionalProperties: false,
  $defs: { line: { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } } },
};

describe('data fits, or goes wrong at', () => {
  test.each<[unknown, string | null]>([
    [{ id: 'o-1', total: 0 }, null],
    [{ id: 'o-1', total: 1, lines: [{ sku: 'a' }], at: 'when it pleases' }, null],
    [undefined, '/data'],
    [null, '/data'],
    ['text', '/data'],
    [{}, '/data/id'],
    [{ id: 'o-x', total: 1 }, '/data/id'],
    [{ id: 'o-1', total: '1' }, '/data/total'],
    [{ id: 'o-1', total: 1, lines: [{ sku: 'a' }, {}] }, '/data/lines/1/sku'],
    [{ id: 'o-1', total: 1, more: 1 }, '/data/more'],
    [JSON.parse('{"id":"o-1","total":1,"__proto__":{}}'), '/data/__proto__'],
  ])('%j: %j', (data, expected) => {
    expect(firstProblem(ORDER, data)).toBe(expected);
  });

  test('a member that is inherited is missing', () => {
    expect(firstProblem({ required: ['toString'] }, {})).toBe('/data/toString');
  });
});

const chain = (length: number) => ({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length }, (_, index) => [
      `d${index}`,
      index === length - 1 ? { type: 'string' } : { anyOf: [1, 2].map(() => ({ $ref: `#/$defs/d${index + 1}` })) },
    ]),
  ),
});

describe('a schema is refused', () => {
  test.each<[string, unknown, string[]]>([
    ['nothing', null, ['/schema']],
    ['true', true, ['/schema']],
    ['a list', [], ['/schema']],
    ['a type that there is not', { type: 'text' }, ['/schema/type']],
    ['a keyword that there is not', { typo: 1 }, ['/schema']],
    ['another draft', { $schema: 'http://json-schema.org/draft-07/schema#' }, ['/schema/$schema']],
    ['another document', { $ref: 'https://example.com/x' }, ['/schema/$ref']],
    ['a place that there is not', { $ref: '#/$defs/x' }, ['/schema/$ref']],
    [
      'a circle',
      { $defs: { a: { items: { $ref: '#/$defs/a' } } }, $ref: '#/$defs/a' },
      ['/schema/$defs/a/items/$ref', '/schema/$ref/items/$ref'],
    ],
    ['itself', { items: { $ref: '#' } }, ['/schema/items/$ref']],
    ['an id', { $id: 'https://example.com/x' }, ['/schema/$id']],
    ['dear lists', { uniqueItems: true }, ['/schema/uniqueItems']],
    ['more than it looks like', chain(30), ['/schema']],
    ['many', { anyOf: Array.from({ length: 600 }, () => ({})) }, ['/schema']],
    ['many names', { items: { enum: Array.from({ length: 5_500 }, (_, n) => n) } }, ['/schema']],
    [
      'many names again and again',
      { allOf: Array.from({ length: 400 }, () => ({ $ref: '#/$defs/e' })), $defs: { e: { enum: [1, 2, 3, 4, 5, 6] } } },
      ['/schema'],
    ],
    ['a large one', { title: 'x'.repeat(40_000) }, ['/schema']],
    ['a pattern with a look behind', { pattern: '(?<=a)b' }, ['/schema']],
    ['a pattern that is none', { pattern: '(' }, ['/schema']],
  ])('%s', (_what, schema, expected) => {
    const compiled = compileSchema(schema);
    expect(compiled.kind === 'invalid' && compiled.problems.map(({ pointer }) => pointer)).toEqual(expected);
  });
});

test('a property may be called like a keyword that is refused', () => {
  expect(firstProblem({ properties: { uniqueItems: { type: 'string' } } }, { uniqueItems: 'x' })).toBeNull();
});

test('a pattern that would take for ever takes no time', () => {
  const started = performance.now();
  expect(firstProblem({ pattern: '^(a+)+$' }, `${'a'.repeat(10_000)}b`)).toBe('/data');
  expect(performance.now() - started).toBeLessThan(1_000);
});

describe('a schema is asked in bounded time', () => {
  const names = Array.from({ length: 1_900 }, (_, n) => n);

  test('of much data a long one is not asked: it does not fit', () => {
    const data = Array(40_000).fill(-1);
    const started = performance.now();
    expect(firstProblem({ items: { not: { enum: names } } }, data)).toBe('/data');
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('of some it is, and a short one of much', () => {
    expect(firstProblem({ items: { not: { enum: names } } }, Array(1_000).fill(-1))).toBeNull();
    expect(firstProblem({ items: { type: 'number' } }, Array(100_000).fill(-1))).toBeNull();
  });

  test('its patterns too: what would take longer does not fit, whatever is made of them', () => {
    const pattern = '(([ab]{0,30}){30})[cd]';
    const started = performance.now();
    expect(firstProblem({ items: { not: { pattern } } }, Array(50).fill('ab'.repeat(2_000)))).toBe('/data');
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(firstProblem({ items: { not: { pattern } } }, ['ab'.repeat(200)])).toBeNull();
    expect(firstProblem({ items: { pattern: '^o-[0-9]+$' } }, Array(10_000).fill('o-12345678'))).toBeNull();
  });

  test('however deep data is', () => {
    const depth = 100_000;
    const deep: unknown = JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(firstProblem({ type: 'array' }, deep)).toBeNull();
  });

  test('and made ready quickly', () => {
    firstProblem({ type: 'string' }, 'x');
    const started = performance.now();
    for (let n = 0; n < 100; n++) firstProblem({ type: 'string', maxLength: n }, '');
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
