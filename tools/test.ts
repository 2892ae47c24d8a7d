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
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[];
}

const root = join(import.meta.dirname, '..');
/** More than so many failed files are no bad luck. */
const MOST_AGAIN = 4;

function runJest(args: readonly string[], env: Record<string, string>, reportFile: string): Promise<number> {
  const jest = spawn(
    process.execPath,
    ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js')]
      .concat(['--json', `--outputFile=${reportFile}`])
      .concat(args),
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } },
  );
  process.on('SIGINT', () => jest.kill('SIGINT'));
  process.on('SIGTERM', () => jest.kill('SIGTERM'));
  return new Promise((resolve) => jest.once('exit', (code) => resolve(code ?? 1)));
}

const readReport = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as JestReport;
const failuresOf = (report: JestReport) => report.numFailedTests + report.numRuntimeErrorTestSuites;

/**
 * Of some thousand tests on real stores one may wait in vain while the machine is busy with others. The files of a few failures are run once more, by
 * themselves; what fails then has failed. Each such test is named, so that it is mended and not forgotten (docs/decisions/0050).
 */
async function failedTwice(report: JestReport, env: Record<string, string>): Promise<number> {
  const files = report.testResults.filter(({ status }) => status === 'failed');
  if (files.length === 0 || files.length > MOST_AGAIN) return failuresOf(report);
  console.log(`Once more, by themselves: ${files.map(({ name }) => name.slice(root.length + 1)).join(', ')}`);
  const reportFile = join(temp.path, 'again.json');
  const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
  await runJest([...options, '--runInBand', '--runTestsByPath', ...files.map(({ name }) => name)], env, reportFile);
  const second = readReport(reportFile);
  const passed = new Set(second.testResults.filter(({ status }) => status === 'passed').map(({ name }) => name));
  for (const file of files.filter(({ name }) => passed.has(name))) {
    const tests = file.assertionResults.filter(({ status }) => status === 'failed');
    for (const { fullName } of tests) console.log(`failed beside others, passed by itself: ${fullName}`);
  }
  // What did not run the second time has not passed either.
  return passed.size === files.length ? 0 : Math.max(1, failuresOf(second));
}

const temp = await createTempDir('test-report-');
console.log('Starting Kafka, Redis and PostgreSQL for the tests (downloaded the first time)...');
const parts = await startSharedParts({ kafka: true, redis: true, postgres: true });
const reportFile = join(temp.path, 'report.json');
let report: JestReport;
let failed: number;
try {
  await runJest(process.argv.slice(2), parts.environment, reportFile);
  report = readReport(reportFile);
  failed = await failedTwice(report, parts.environment);
} finally {
  await parts.stop();
  await temp.remove();
}

const skipped = report.numPendingTests + report.numTodoTests;
const passed = report.numPassedTests + Math.max(0, failuresOf(report) - failed);
for (const { status, fullName } of report.testResults.flatMap((file) => file.assertionResults)) {
  if (status === 'pending' || status === 'todo') console.log(`skipped: ${fullName}`);
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
const skipsAllowed = process.env['CI'] === undefined;
process.exit(failed > 0 || passed === 0 || (skipped > 0 && !skipsAllowed) ? 1 : 0);
