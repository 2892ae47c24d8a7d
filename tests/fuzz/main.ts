// npm run fuzz: schemathesis asks a running platform for everything that its OpenAPI document has, and for what it hasn't. Fails on a 5xx, and on every
// answer that is not in the document.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTempDir } from '@hookline/testkit';
import { MODES, type Mode } from '../e2e/modes.ts';
import { aim, type Document } from './aim.ts';
import { createScene, type Scene } from './scene.ts';
import { installSchemathesis, runSchemathesis } from './schemathesis.ts';

const USAGE = `npm run fuzz -- [options]
  --mode=${MODES.join('|')}  where; embedded and full without it
  --requests=N  at least so many in each, 10000 without it
  --seed=N      repeats a run`;

/** What each operation gets in the first run; it is followed by as many as are needed. */
const FIRST_EXAMPLES = 8;
const MOST_RUNS = 50;

function fail(message: string): never {
  console.error(`hookline fuzz: ${message}\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        mode: { type: 'string', multiple: true },
        requests: { type: 'string' },
        seed: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return fail((error as Error).message);
  }
}

function number(text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  return /^\d{1,9}$/.test(text) ? Number(text) : fail(`${text} must be a whole number`);
}

/** By status; the gateway counts them itself. */
async function requestsOf(gatewayUrl: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${gatewayUrl}/metrics`)).text();
  const counts = new Map<string, number>();
  for (const [, status = '', count] of text.matchAll(/^webhook_http_requests_total\{.*status="(\d+)".*\} (\d+)$/gm)) {
    counts.set(status, (counts.get(status) ?? 0) + Number(count));
  }
  return counts;
}

const sum = (counts: Map<string, number>) => [...counts.values()].reduce((total, count) => total + count, 0);

/** Resolves with what went wrong. */
async function fuzz(scene: Scene, folder: string, wanted: number, seed: number): Promise<string[]> {
  const { gatewayUrl, token, aims } = scene;
  const temp = await createTempDir('fuzz');
  try {
    const document = (await (await fetch(`${gatewayUrl}/openapi.json`)).json()) as Document;
    const file = join(temp.path, 'openapi.json');
    writeFileSync(file, JSON.stringify(aim(document, aims)));
    const operations = Object.values(document.paths).reduce((total, path) => total + Object.keys(path).length, 0);
    const before = sum(await requestsOf(gatewayUrl));
    const asked = async () => sum(await requestsOf(gatewayUrl)) - before;
    for (let run = 0; run < MOST_RUNS && (run === 0 || (await asked()) < wanted); run++) {
      const phases = run === 0 ? 'examples,coverage,fuzzing,stateful' : 'fuzzing,stateful';
      const missing = Math.ceil((wanted - (await asked())) / operations / 2);
      const maxExamples = run === 0 ? FIRST_EXAMPLES : Math.max(missing, FIRST_EXAMPLES);
      const what = { gatewayUrl, token, document: file, phases, maxExamples, seed: seed + run };
      const failure = await runSchemathesis(folder, temp.path, what);
      if (failure !== null) return [failure];
    }
    const counts = await requestsOf(gatewayUrl);
    const statuses = [...counts].map(([status, count]) => `${status}: ${count}`).toSorted();
    console.log(`  ${await asked()} requests of ${operations} operations; ${statuses.join(', ')}`);
    // Counted by itself: also what schemathesis took for something else.
    const faults = [...counts]
      .filter(([status]) => status >= '500')
      .map(([status, count]) => `${count} were ${status}`);
    const refused = counts.get('401') ?? 0;
    // Then little of the platform was seen.
    return refused > sum(counts) / 10 ? [...faults, `${refused} were refused for their token`] : faults;
  } finally {
    await temp.remove();
  }
}

const values = readArguments();
if (values.help === true) {
  console.log(USAGE);
  process.exit(0);
}
const modes = values.mode ?? ['embedded', 'full'];
const unknown = modes.find((mode) => !(MODES as readonly string[]).includes(mode));
if (unknown !== undefined) fail(`there is no mode ${unknown}`);
const wanted = number(values.requests, 10_000);
const seed = number(values.seed, 1);

const folder = await installSchemathesis().catch((error: unknown) => fail((error as Error).message));
let failed = false;
for (const mode of modes as Mode[]) {
  console.log(`${mode}, seed ${seed}`);
  const scene = await createScene(mode);
  let problems: string[] = [];
  try {
    problems = await fuzz(scene, folder, wanted, seed);
  } finally {
    problems.push(...(await scene.stop()));
  }
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) continue;
  failed = true;
  console.error(`\nAgain: npm run fuzz -- --mode=${mode} --requests=${wanted} --seed=${seed}`);
}
console.log(failed ? 'FAILED' : 'Every answer was in the document, and none was a 5xx.');
process.exit(failed ? 1 : 0);
