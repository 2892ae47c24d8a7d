// npm run openapi [-- --check]: writes docs/openapi.json from the gateway's routes, or says whether it is what they say.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiDocument } from '@hookline/gateway';

const file = join(import.meta.dirname, '../docs/openapi.json');
const text = `${JSON.stringify(apiDocument(), null, 2)}\n`;
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/openapi.json is not what the routes say: npm run openapi');
  process.exitCode = 1;
}
