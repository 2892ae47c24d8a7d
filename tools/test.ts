// npm test [-- PATHS and jest options]: starts the real parts once, runs jest over everything, stops them, ends with the counts.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTempDir, startSharedParts } from '@hookline/testkit';

interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Test files that could not even be loaded. */
  numRuntimeErrorTestSuites: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
}

const root = join(import.meta.dirname, '..');

function runJest(env: Record<string, string>, reportFile: string): Promise<number> {
  const jest = spawn(
    process.execPath,
    ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js')]
      .concat(['--json', `--outputFile=${reportFile}`])
      .concat(process.argv.slice(2)),
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } },
  );
  process.on('SIGINT', () => jest.kill('SIGINT'));
  process.on('SIGTERM', () => jest.kill('SIGTERM'));
  return new Promise((resolve) => jest.once('exit', (code) => resolve(code ?? 1)));
}

const temp = await createTempDir('test-report-');
console.log('Starting Kafka, Redis and PostgreSQL for the tests (downloaded the first time)...');
const parts = await startSharedParts({ kafka: true, redis: true, postgres: true });
const reportFile = join(temp.path, 'report.json');
let code: number;
try {
  code = await runJest(parts.environment, reportFile);
} finally {
  await parts.stop();
}

const report = JSON.parse(readFileSync(reportFile, 'utf8')) as JestReport;
await temp.remove();
const skipped = report.numPendingTests + report.numTodoTests;
const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
for (const { status, fullName } of report.testResults.flatMap((file) => file.assertionResults)) {
  if (status === 'pending' || status === 'todo') console.log(`skipped: ${fullName}`);
}
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
const skipsAllowed = process.env['CI'] === undefined;
process.exit(code !== 0 || failed > 0 || (skipped > 0 && !skipsAllowed) ? 1 : 0);
