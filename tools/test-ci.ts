// npm run test:ci: npm test, then the static checks, then the longer runs. Goes on after a failure, and ends with the counts of all.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

interface Step {
  name: string;
  command: string[];
  /** Its last line counts its own tests; every other step counts as one. */
  counts?: boolean;
}

const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules/.bin', name);
const chaos = (...args: string[]) => [process.execPath, join(root, 'tests/chaos/main.ts'), ...args];

const STEPS: Step[] = [
  { name: 'npm test', command: ['npm', 'test', '--silent'], counts: true },
  { name: 'types', command: [bin('tsc'), '--noEmit'] },
  { name: 'lint', command: [bin('oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'format', command: [bin('prettier'), '--check', '--log-level=warn', '.'] },
  { name: 'import rules', command: [process.execPath, 'tools/check-boundaries.ts'] },
  { name: 'unused code and dependencies', command: [bin('knip'), '--no-config-hints'] },
  { name: 'generated types', command: [process.execPath, 'tools/generate-proto.ts', '--check'] },
  { name: 'manifests', command: [process.execPath, 'tests/manifests/main.ts'] },
  { name: 'the image', command: [process.execPath, 'tests/image/main.ts'] },
  {
    name: 'tests for CI alone: what is observed, the schema registry',
    command: [process.execPath, 'tools/test.ts', '--testMatch=**/tests/**/*.ci.ts'],
    counts: true,
  },
  { name: 'restore drill', command: [process.execPath, 'tests/restore/main.ts'] },
  { name: 'demo', command: [process.execPath, 'apps/standalone/src/demo/main.ts'] },
  { name: 'fuzz', command: [process.execPath, 'tests/fuzz/main.ts', '--mode=embedded', '--requests=2000'] },
  { name: 'chaos: kill everything once', command: chaos('kill', '--kills=1', '--events=20000', '--seed=7') },
  { name: 'chaos: failover', command: chaos('failover', '--kills=2', '--seed=7') },
  { name: 'chaos: rebalance', command: chaos('rebalance', '--rounds=1', '--seed=7') },
  { name: 'chaos: order', command: chaos('order', '--rounds=1', '--seed=7') },
  { name: 'chaos: rebuild', command: chaos('rebuild') },
  { name: 'chaos: terminate', command: chaos('terminate') },
  { name: 'chaos: observability away', command: chaos('observability', '--away=20') },
  { name: 'chaos: every sabotage is noticed', command: chaos('sabotage') },
];

async function run({ command, counts = false }: Step): Promise<{ passed: number; failed: number; skipped: number }> {
  const [program, ...args] = command;
  const child = spawn(program as string, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let last = '';
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    last = (last + chunk.toString('utf8')).slice(-1_000);
  });
  const code = await new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (exit) => resolve(exit ?? 1));
  });
  const found = counts ? /(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/.exec(last) : null;
  if (found === null) return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
  const [passed, failed, skipped] = found.slice(1).map((text) => Number(text ?? 0)) as [number, number, number];
  return { passed, failed: Math.max(failed, code === 0 ? 0 : 1), skipped };
}

const total = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];
for (const step of STEPS) {
  console.log(`\n== ${step.name}`);
  const startedAtMs = performance.now();
  const { passed, failed, skipped } = await run(step);
  console.log(
    `== ${step.name}: ${failed === 0 ? 'ok' : 'FAILED'} in ${Math.round((performance.now() - startedAtMs) / 1000)} s`,
  );
  if (failed > 0) failures.push(step.name);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
if (failures.length > 0) console.log(`\nfailed: ${failures.join('; ')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed > 0 ? 1 : 0);
