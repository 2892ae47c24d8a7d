// npm run budgets: measures what the project promises of itself, one after the other, on a machine that does nothing else. Exit 1 if one is over.
import { availableParallelism, loadavg } from 'node:os';
import { measureStarts, measureThroughput } from './embedded.ts';
import { measureIdlePlatform } from './platform.ts';

interface Figure {
  name: string;
  value: number;
  bound: string;
  ok: boolean;
}

const below = (name: string, value: number, bound: number, unit: string): Figure => ({
  name: `${name} (${unit})`,
  value,
  bound: `< ${bound}`,
  ok: value < bound,
});

const shown = (name: string, value: number): Figure => ({ name, value, bound: '', ok: true });

const BUDGETS: { name: string; measure: () => Promise<Figure[]> }[] = [
  {
    name: 'starts',
    async measure() {
      const { first, second, idleMb } = await measureStarts();
      return [
        below('embedded, first start to ready', first.seconds, 8, 's'),
        shown('  CPU of it (s)', first.cpuSeconds),
        below('embedded, second start to ready', second.seconds, 4, 's'),
        shown('  CPU of it (s)', second.cpuSeconds),
        below('embedded, idle memory from the second start', idleMb, 500, 'MB'),
      ];
    },
  },
  {
    name: 'throughput',
    async measure() {
      const { perSecond, missing } = await measureThroughput();
      return [
        {
          name: 'embedded, acknowledged over 20 s (events/s)',
          value: perSecond,
          bound: '>= 500',
          ok: perSecond >= 500,
        },
        { name: '  of those not arrived 5 s later', value: missing, bound: '= 0', ok: missing === 0 },
      ];
    },
  },
  {
    name: 'idle-platform',
    async measure() {
      const shares = Object.entries(await measureIdlePlatform());
      const total = shares.reduce((sum, [, percent]) => sum + percent, 0);
      return [
        below('platform, idle, all six processes', total, 6, '% of a core'),
        ...shares.map(([service, value]) => shown(`  ${service}`, value)),
      ];
    },
  },
];

function show({ name, value, bound, ok }: Figure): void {
  const mark = bound === '' ? '' : ok ? 'ok' : 'OVER';
  console.log(`${name.padEnd(50)} ${value.toFixed(2).padStart(9)}  ${bound.padEnd(7)} ${mark}`);
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BUDGETS.some((budget) => budget.name === name));
if (unknown.length > 0) {
  console.error(
    `npm run budgets [-- ${BUDGETS.map(({ name }) => name).join(' ')}]: ${unknown.join(', ')} is none of them`,
  );
  process.exit(1);
}
const [busy = 0] = loadavg();
console.log(`${availableParallelism()} cores, load before the run ${busy.toFixed(1)}`);
let over = false;
for (const { name, measure } of BUDGETS.filter((budget) => wanted.length === 0 || wanted.includes(budget.name))) {
  let figures = await measure();
  // A busy machine spoils a timing: what is over is measured once more.
  if (figures.some(({ ok }) => !ok)) {
    figures.forEach(show);
    console.log(`${name}: over; measured once more`);
    figures = await measure();
  }
  figures.forEach(show);
  over ||= figures.some(({ ok }) => !ok);
}
process.exit(over ? 1 : 0);
