// npm run bench -- NAME... [--json FILE]: measures on real Kafka, Redis and PostgreSQL, each figure beside its bare limit of the same run.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { benchDeliver, benchFanout } from './deliver.ts';
import { benchE2e } from './e2e.ts';
import { benchFeed } from './feed.ts';
import { show, type Figure, type Figures } from './figure.ts';
import { benchGateway } from './gateway.ts';
import { benchIngest } from './ingest.ts';
import { benchIsolation } from './isolation.ts';
import { benchLog } from './log.ts';
import { benchMemory } from './memory.ts';
import { slowBares } from './reference.ts';
import { benchRetry } from './retry.ts';
import { benchScale } from './scale.ts';
import { benchSearch } from './search.ts';
import { benchSignals } from './signals.ts';

const BENCHES: Record<string, () => Figures> = {
  deliver: benchDeliver,
  ingest: benchIngest,
  e2e: benchE2e,
  log: benchLog,
  gateway: benchGateway,
  fanout: benchFanout,
  feed: benchFeed,
  isolation: benchIsolation,
  memory: benchMemory,
  retry: benchRetry,
  scale: benchScale,
  search: benchSearch,
  signals: benchSignals,
};

const USAGE = `npm run bench -- NAME... [--json FILE]
  NAME: ${Object.keys(BENCHES).join(', ')} or all
  --json FILE: the figures as an array of {bench, name, value, unit, bare, ratio, cpuUs}
  exit 1: a bare loop was too slow to compare with, or a bench failed; targets that are missed are shown and don't fail`;

function readArguments(): { names: string[]; file: string | undefined } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  const names = positionals.includes('all') ? Object.keys(BENCHES) : positionals;
  const unknown = names.filter((name) => BENCHES[name] === undefined);
  if (values.help === true || names.length === 0 || unknown.length > 0) {
    if (unknown.length > 0) console.error(`${unknown.join(', ')}: no such bench`);
    console.log(USAGE);
    process.exit(values.help === true ? 0 : 1);
  }
  return { names, file: values.json };
}

const { names, file } = readArguments();
console.log(
  `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}, load before the run ${loadavg()[0]?.toFixed(1)}`,
);
const figures: Figure[] = [];
let failed = false;
for (const name of names) {
  const startedAt = performance.now();
  try {
    for await (const figure of (BENCHES[name] as () => Figures)()) {
      figures.push(figure);
      show(figure);
    }
  } catch (error) {
    failed = true;
    console.error(`${name} failed: ${(error as Error).stack}`);
  }
  console.log(`(${name}: ${Math.round((performance.now() - startedAt) / 1_000)} s)`);
}
for (const problem of slowBares()) console.error(problem);
if (file !== undefined) writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
process.exit(failed || slowBares().length > 0 ? 1 : 0);
