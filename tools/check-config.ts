// npm run config:check: says what is wrong with config.yaml and the environment before a service does.
import { parseArgs } from 'node:util';
import { runProcess, type ConfigSource } from '@hookline/service-kit';
import { checkConfig } from './config/check.ts';

const USAGE = `npm run config:check              checks ./config.yaml, where it exists, and the environment, as the services read them
npm run config:check -- FILE      checks that file instead
one line for each problem: the key, what is wrong, an example; exit code 1 if there is any`;

function fileNamed(): string | undefined {
  try {
    const { positionals } = parseArgs({ allowPositionals: true });
    if (positionals.length <= 1) return positionals[0];
  } catch {
    // An option: there are none.
  }
  console.error(USAGE);
  process.exit(2);
}

await runProcess('config:check', (source) => {
  const file = fileNamed();
  const checked: ConfigSource = file === undefined ? source : { ...source, file };
  const { problems, mode } = checkConfig(checked);
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log(`The configuration has no problems (${mode}).`);
  process.exit(problems.length === 0 ? 0 : 1);
});
