import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { headings, readDoc, ROOT, section, tableRows } from './markdown.ts';
import { configKeys } from '../../tools/config/keys.ts';

const UNITS: Record<string, number> = {
  '': 1,
  '%': 1,
  KiB: 1024,
  MiB: 1024 * 1024,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function numberOf(text: string): number {
  const [, digits = '', unit = ''] = /^([\d,.]+) ?(\D*)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (digits === '' || factor === undefined) throw new Error(`"${text}" is no number with a unit`);
  return Number(digits.replaceAll(',', '')) * factor;
}

/** What the code says: `path#NAME` is a constant, a member or a parameter's default of a file, anything else a setting. */
function actual(where: string): number {
  const [path = '', name] = where.split('#');
  if (name === undefined) {
    const setting = configKeys().find(({ section: of, key }) => `${of}.${key}` === where);
    return numberOf(String(setting?.byDefault));
  }
  const [, product] = new RegExp(`\\b${name}(?: =|:) ([\\d_ *]+)`).exec(readFileSync(join(ROOT, path), 'utf8')) ?? [];
  if (product === undefined) throw new Error(`${path} has no number ${name}`);
  return product.split('*').reduce((result, factor) => result * Number(factor.replaceAll('_', '')), 1);
}

describe('docs/architecture.md: bounds', () => {
  const bounds = section(readDoc('architecture.md'), '## Bounds');
  const rows = headings(bounds, 3).flatMap((heading) => tableRows(section(bounds, `### ${heading}`)));

  test.each(rows.map(([what, said, where]) => [what!, said!, where!]))('%s: %s', (_what, said, where) => {
    expect(numberOf(said)).toBe(actual(where));
  });
});
