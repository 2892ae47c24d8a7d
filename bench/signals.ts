import { join } from 'node:path';
import { medianBill, sum } from './cpu.ts';
import { runDispatcher, startReceivers } from './deliver.ts';
import { atMostTimes, compare, type Figure, type Figures } from './figure.ts';
import { setBenchStage, type StageOptions } from './stage.ts';
import type { SteadyRun } from './steady.ts';

const EVENTS = 60_000;
const WEBHOOKS = 100;
const ROUNDS = 5;
/** A good deal more often than anybody's Prometheus asks. */
const SCRAPE_EVERY_MS = 1_000;
const WITHOUT_METRICS = join(import.meta.dirname, 'peers/without-metrics.ts');

interface Settings {
  options: StageOptions;
  /** How often its metrics are asked for; undefined: never. */
  scrapeEveryMs?: number;
}

const SETTINGS = {
  off: { options: { env: { LOG_LEVEL: 'silent' }, nodeOptions: `--import=${WITHOUT_METRICS}` } },
  on: { options: { env: { LOG_LEVEL: 'info' } }, scrapeEveryMs: SCRAPE_EVERY_MS },
  // There is nothing to send: nobody is there, and nobody is asked.
  traced: {
    options: { env: { LOG_LEVEL: 'info', TRACING_ENDPOINT: 'http://127.0.0.1:9', TRACING_SAMPLE_RATIO: '0' } },
    scrapeEveryMs: SCRAPE_EVERY_MS,
  },
} satisfies Record<string, Settings>;

/** Each begins a round once: what a machine does meanwhile falls on all alike. */
function inTurn(round: number): (keyof typeof SETTINGS)[] {
  const names = ['off', 'on', 'traced'] as const;
  return names.map((_, index) => names[(index + round) % names.length]!);
}

/** What metrics, asked for once a second, and a line at `info` for each attempt cost the dispatcher, beside neither; and traces of which none is sampled, beside none. */
export async function* benchSignals(): Figures {
  const runs: Record<keyof typeof SETTINGS, SteadyRun[]> = { off: [], on: [], traced: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of inTurn(round)) runs[name].push(await deliver(SETTINGS[name]));
  }
  const pairs = (value: SteadyRun[], bare: SteadyRun[]): Run[] =>
    value.map((run, round) => ({ value: run, bare: bare[round]! }));
  yield* [
    describe('metrics and logs of the dispatcher', pairs(runs.on, runs.off), 'bare: the dispatcher without either'),
    describe(
      'traces of the dispatcher, none sampled',
      pairs(runs.traced, runs.on),
      'bare: the dispatcher with metrics and logs, without traces',
    ),
  ];
}

interface Run {
  value: SteadyRun;
  bare: SteadyRun;
}

function describe(name: string, runs: readonly Run[], note: string): Figure {
  const pairs = runs.map(({ value, bare }) => ({
    value: sum(value.bill, 'dispatcher'),
    bare: sum(bare.bill, 'dispatcher'),
  }));
  const { value, bare, ratio } = compare(pairs);
  return {
    bench: 'signals',
    name,
    value,
    unit: 'µs CPU/delivery',
    bare,
    ratio,
    cpuUs: value,
    processes: medianBill(runs.map(({ value: { bill } }) => bill)),
    ...atMostTimes(1.05, ratio),
    note: `${note}; by pairs ${pairs.map((pair) => `${(pair.value / pair.bare).toFixed(2)}×`).join(', ')}`,
  };
}

/** On a stage of its own: what a service is started with stays. */
async function deliver({ options, scrapeEveryMs }: Settings): Promise<SteadyRun> {
  const stage = await setBenchStage(options);
  try {
    await stage.start('retry-manager');
    const { receiver, ports } = await startReceivers(stage, WEBHOOKS);
    const types = ports.map((port) => `signals.${port}`);
    await stage.addWebhooks(
      ports.map((port, index) => ({
        id: `wh_signals_${index}`,
        url: `http://127.0.0.1:${port}/`,
        eventTypes: [types[index] as string],
      })),
    );
    const scrape = () => void stage.metrics('dispatcher').catch(() => {});
    const timer = scrapeEveryMs === undefined ? undefined : setInterval(scrape, scrapeEveryMs);
    try {
      return await runDispatcher(stage, receiver, { events: EVENTS, types, fanOut: 1 });
    } finally {
      clearInterval(timer);
    }
  } finally {
    await stage.close();
  }
}
