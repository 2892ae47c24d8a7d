// Generates the TypeScript types of proto/ into libs/contracts/src/generated; `--check` fails if they are not current.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const target = join(root, 'libs/contracts/src/generated');
const check = process.argv.includes('--check');
const out = check ? mkdtempSync(join(tmpdir(), 'hookline-proto-')) : target;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

if (!check) rmSync(target, { recursive: true, force: true });
const protos = filesBelow(join(root, 'proto')).filter((file) => file.endsWith('.proto'));
const { status } = spawnSync(
  join(root, 'node_modules/.bin/proto-loader-gen-types'),
  ['--defaults', '--longs=Number', '--enums=String', '--grpcLib=@grpc/grpc-js', '--importFileExtension=.ts']
    .concat(['-I', 'proto', '-O', out])
    .concat(protos),
  { cwd: root, stdio: check ? 'ignore' : 'inherit' },
);
if (status !== 0) process.exit(1);

if (check) {
  const stale = filesBelow(out).filter((file) => {
    try {
      return readFileSync(join(out, file), 'utf8') !== readFileSync(join(target, file), 'utf8');
    } catch {
      return true;
    }
  });
  rmSync(out, { recursive: true });
  if (stale.length > 0) {
    console.error(`proto: generated types are not current (${stale.join(', ')}): run npm run generate`);
    process.exit(1);
  }
}
