// npm run migrate [-- status | create NAME]: the tables of the database that DATABASE_URL names.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBackends, type Backends } from '@hookline/backends';
import { InvalidInput } from '@hookline/domain';
import {
  createLog,
  databaseSection,
  hooklineSection,
  kafkaSection,
  loadConfig,
  logSection,
  redisSection,
  runProcess,
} from '@hookline/service-kit';
import { z } from 'zod';

const USAGE = `npm run migrate                  applies the migrations that the database lacks; started several times at once, one does it and the others wait
npm run migrate -- status        shows each one: applied and when, pending, changed since, or unknown to this version. Exit code 1 unless all are applied as they are
npm run migrate -- create NAME   begins the next one: migrations/NNNN-NAME.sql

DATABASE_URL says which database. An embedded Hookline (npm start) does it by itself.`;

const FOLDER = join(import.meta.dirname, '../migrations');

const schema = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
});

async function apply(backends: Backends): Promise<number> {
  const applied = await backends.migrate();
  for (const name of applied) console.log(`applied ${name}`);
  if (applied.length === 0) console.log('Nothing to apply.');
  return 0;
}

async function showStates(backends: Backends): Promise<number> {
  const states = await backends.migrations();
  for (const { name, state, appliedAt } of states) {
    console.log([state.padEnd(8), name, appliedAt?.toISOString() ?? ''].join(' ').trimEnd());
  }
  return states.every(({ state }) => state === 'applied') ? 0 : 1;
}

/** @throws InvalidInput if the name is not made of small letters, digits and dashes */
function create(name: string): void {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    throw new InvalidInput(`${name}: a migration's name has small letters, digits and dashes, e.g. add-quotas`);
  }
  const last = Math.max(...readdirSync(FOLDER).map((file) => Number.parseInt(file, 10) || 0));
  const file = `${String(last + 1).padStart(4, '0')}-${name}.sql`;
  writeFileSync(
    join(FOLDER, file),
    '-- Forward only, and such that the version before goes on working beside it (docs/upgrading.md).\n',
    { flag: 'wx' },
  );
  console.log(`migrations/${file}`);
}

function failWithUsage(): never {
  console.error(USAGE);
  process.exit(2);
}

await runProcess('migrate', async (source) => {
  const [command = 'up', ...rest] = process.argv.slice(2);
  if (command === 'create' && rest.length === 1) {
    create(rest[0] as string);
    process.exit(0);
  }
  const act = { up: apply, status: showStates }[command];
  if (act === undefined || rest.length > 0) failWithUsage();
  const config = loadConfig(schema, source);
  const backends = createBackends(config, { service: 'migrate', log: createLog('migrate', config.log.level) });
  const code = await act(backends);
  await backends.close();
  process.exit(code);
});
