import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '@hookline/service-kit';
import { headings, readDoc, ROOT, section, tableRows } from './markdown.ts';
import { configKeys, SCHEMAS, SECRETS, servicesOf } from './schemas.ts';

const keys = configKeys();
/** Their default is another with `npm start` on loopback, so config.yaml may not set them. */
const LOCAL_DEFAULTS = ['log.level'];
const isShownOnly = ({ section: name, key, byDefault }: (typeof keys)[number]) =>
  byDefault === undefined || Array.isArray(byDefault) || LOCAL_DEFAULTS.includes(`${name}.${key}`);
const sections = [...new Set(keys.map((key) => key.section))];

function shownDefault(byDefault: unknown, required: boolean): string {
  if (required) return 'required';
  if (byDefault === undefined || (Array.isArray(byDefault) && byDefault.length === 0)) return 'none';
  return `${byDefault as string | number | boolean}`;
}

describe('docs/config.md', () => {
  const doc = section(readDoc('config.md'), '## Keys');

  test('has a heading for each section', () => {
    expect(headings(doc, 3).toSorted()).toEqual(sections.toSorted());
  });

  test.each(sections)('%s: keys, environment names and defaults are those of the schema', (name) => {
    const rows = tableRows(section(doc, `### ${name}`));
    expect(rows.map(([key, environment, byDefault]) => ({ key, environment, byDefault }))).toEqual(
      keys
        .filter((key) => key.section === name)
        .map(({ key, environment, byDefault, required }) => ({
          key,
          environment,
          byDefault: shownDefault(byDefault, required),
        })),
    );
    for (const row of rows) expect(row[3]).toMatch(/\w{3}/);
  });

  test.each(sections)('%s: names the services that read it', (name) => {
    const readBy = /^Read by: (.*)\.$/m.exec(section(doc, `### ${name}`))?.[1];
    expect(readBy?.split(', ').toSorted()).toEqual(servicesOf(name).toSorted());
  });
});

describe('config.yaml', () => {
  const file = join(ROOT, 'config.yaml');
  const text = readFileSync(file, 'utf8');

  test.each(Object.keys(SCHEMAS))('changes nothing for %s', (service) => {
    const schema = SCHEMAS[service]!;
    expect(loadConfig(schema, { env: SECRETS, file })).toEqual(loadConfig(schema, { env: SECRETS }));
  });

  test('sets every key that has a default to it', () => {
    // That it is YAML with these values shows above; here it only matters that each is written.
    const written = text.split(/^(?=\w+:$)/m).flatMap((part) => {
      const name = /^\w+/.exec(part)?.[0];
      return [...part.matchAll(/^ {2}(\w+): (\S+)/gm)].map(([, key, value]) => [`${name}.${key}`, value]);
    });
    const withDefault = keys.filter((key) => !isShownOnly(key));
    expect(Object.fromEntries(written)).toEqual(
      Object.fromEntries(
        withDefault.map(({ section: name, key, byDefault }) => [`${name}.${key}`, shownDefault(byDefault, false)]),
      ),
    );
  });

  test('shows, commented out, every key that has none', () => {
    const without = keys.filter(isShownOnly);
    const shown = [...text.matchAll(/^ {2}# (\w+): \S/gm)].map(([, key]) => key as string);
    expect(shown.toSorted()).toEqual(without.map(({ key }) => key).toSorted());
  });
});
