// npm run generate:config: writes config.yaml and the keys of docs/config.md from the services' schemas; a test holds both current.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS_HEADING, renderKeys, renderYaml } from './config/render.ts';

const root = join(import.meta.dirname, '..');
const doc = join(root, 'docs/config.md');
const [own] = readFileSync(doc, 'utf8').split(`${KEYS_HEADING}\n`);
writeFileSync(doc, own + renderKeys());
writeFileSync(join(root, 'config.yaml'), renderYaml());
