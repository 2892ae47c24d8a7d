import { spawn, spawnSync } from 'node:child_process';
import { fillOnce, defaultCacheDir } from '@hookline/testkit';
import { join } from 'node:path';

const VERSION = '4.32.5';
/** One run; it ends by itself long before. */
const DEADLINE_MS = 30 * 60_000;

export interface Run {
  gatewayUrl: string;
  token: string;
  /** The file of the document. */
  document: string;
  phases: string;
  /** Of each operation and phase. */
  maxExamples: number;
  seed: number;
}

/** What goes wrong is an answer that the document doesn't have; what is sent may be anything. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'allow_header_conformance',
].join(',');

/** The folder that Python finds schemathesis in; downloaded the first time. @throws Error saying what to install */
export function installSchemathesis(): Promise<string> {
  const python = spawnSync('python3', ['-c', 'import sys, pip; sys.exit(sys.version_info < (3, 10))']);
  if (python.status !== 0) {
    throw new Error('fuzzing needs Python 3.10 or later with pip: apt-get install python3 python3-pip');
  }
  return fillOnce(join(defaultCacheDir, `schemathesis-${VERSION}`), async (staging) => {
    console.log('Installing schemathesis (once)...');
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--root-user-action=ignore'];
    const words = [...pip, '--target', staging, `schemathesis==${VERSION}`];
    const { status } = spawnSync('python3', words, { stdio: 'inherit' });
    if (status !== 0) throw new Error(`schemathesis ${VERSION} could not be installed: pip ended with ${status}`);
  });
}

/** Resolves with null, or with what schemathesis says went wrong. */
export async function runSchemathesis(folder: string, cwd: string, run: Run): Promise<string | null> {
  const child = spawn(
    'python3',
    ['-m', 'schemathesis.cli', 'run', run.document, '--url', run.gatewayUrl]
      .concat(['--header', `Authorization: Bearer ${run.token}`])
      .concat(['--phases', run.phases, '--checks', CHECKS, '--warnings', 'off', '--no-color'])
      .concat(['--max-examples', String(run.maxExamples), '--seed', String(run.seed)])
      .concat(['--request-timeout', '30', '--max-failures', '20', '--generation-database', 'none']),
    { cwd, env: { PATH: process.env['PATH'], PYTHONPATH: folder, HOME: cwd }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  const keep = (chunk: Buffer) => (said += chunk.toString('utf8'));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const late = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? -1)));
  clearTimeout(late);
  if (code === 0) return null;
  const at = Math.max(said.search(/^=+ (?:FAILURES|ERRORS) =+$/m), 0);
  return said.slice(at);
}
