// npm run dashboards: writes what deploy/ has of tools/dashboards and of the rules. A test tells when that is out of date.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from './dashboards/generated-files.ts';

for (const [path, text] of generatedFiles()) {
  writeFileSync(join(import.meta.dirname, '..', path), text);
  console.log(path);
}
