import { describe, expect, test } from '@jest/globals';
import { compileFilter, FILTER_LIMITS, type FilteredEvent } from '@hookline/domain';
import { codeBlocks, readDoc, tableRows } from './markdown.ts';

const doc = readDoc('filters.md');
const [example = ''] = codeBlocks(doc, 'json');
const event = JSON.parse(example) as FilteredEvent;

describe('docs/filters.md', () => {
  const rows = tableRows(doc).map(([filter = '', said = '']) => [filter.replaceAll('`', ''), said] as const);

  test.each(rows)('%s: %s', (filter, said) => {
    const compiled = compileFilter(JSON.parse(filter));
    expect(compiled).toMatchObject({ kind: 'compiled' });
    if (compiled.kind === 'compiled') expect(compiled.filter(event)).toBe(said === 'yes');
  });

  test('gives the limits as they are', () => {
    const { length, nodes, depth, values, text, elements } = FILTER_LIMITS;
    for (const limit of [`${length.toLocaleString('en')} characters`, `${nodes} fields`, `${depth} levels`]) {
      expect(doc).toContain(limit);
    }
    expect(doc).toContain(`${values} values`);
    expect(doc).toContain(`texts of ${text.toLocaleString('en')}`);
    expect(doc).toContain(`first ${elements.toLocaleString('en')} elements`);
  });
});
