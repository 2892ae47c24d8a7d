import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '@hookline/service-kit';
import { configKeys, SCHEMAS } from '../../tools/config/keys.ts';
import { KEYS_HEADING, renderKeys, renderYaml } from '../../tools/config/render.ts';
import { readDoc, ROOT } from './markdown.ts';
import { SECRETS } from './secrets.ts';

test.each(configKeys().map((key) => [`${key.section}.${key.key}`, key] as const))(
  '%s is described, with an example',
  (_name, { meaning, example }) => {
    expect(meaning).toMatch(/\w{3}/);
    // One line, without the bar that would end a cell of the table.
    expect(meaning).not.toMatch(/\n|(?<!\\)\|/);
    expect(example).toBeDefined();
  },
);

test('docs/config.md has the keys of the schemas (npm run generate:config writes them)', () => {
  const [, keys] = readDoc('config.md').split(`${KEYS_HEADING}\n`);
  expect(`${KEYS_HEADING}\n${keys}`).toBe(renderKeys());
});

describe('config.yaml', () => {
  const file = join(ROOT, 'config.yaml');

  test('has the keys of the schemas (npm run generate:config writes it)', () => {
    expect(readFileSync(file, 'utf8')).toBe(renderYaml());
  });

  test.each(Object.keys(SCHEMAS))('changes nothing for %s', (service) => {
    const schema = SCHEMAS[service]!;
    expect(loadConfig(schema, { env: SECRETS, file })).toEqual(loadConfig(schema, { env: SECRETS }));
  });
});
