import { join } from 'node:path';
import { medianBill, sum } from './cpu.ts';
import { runDispatcher, startReceivers } from './deliver.ts';
import { atMostTimes, compare, type Figure } from './figure.ts';
import { setBenchStage, type StageOptions } from './stage.ts';
import type { SteadyRun } from './steady.ts';

const EVENTS = 60_000;
const WEBHOOKS = 100;
const PAIRS = 3;
/** A good deal more often than anybody's Prometheus asks. */
const SCRAPE_EVERY_MS = 1_000;
const WITHOUT_METRICS = join(import.meta.dirname, 'peers/without-metrics.ts');

/** Of traces there is nothing to send: nobody is there, and nobody is asked. */
const UNSAMPLED = { TRACING_ENDPOINT: 'http://127.0.0.1:9', TRACING_SAMPLE_RATIO: '0' };

/** What metrics, asked for once a second, and a line at `info` for each attempt cost the dispatcher, beside neither; and traces of which none is sampled, beside none. */
export async function benchSignals(): Promise<Figure[]> {
  const signals: Run[] = [];
  const traces: Run[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const off = await deliver({ env: { LOG_LEVEL: 'silent' }, nodeOptions: `--import=${WITHOUT_METRICS}` });
    const on = await deliver({ env: { LOG_LEVEL: 'info' } }, SCRAPE_EVERY_MS);
    const traced = await deliver({ env: { LOG_LEVEL: 'info', ...UNSAMPLED } }, SCRAPE_EVERY_MS);
    signals.push({ value: on, bare: off });
    traces.push({ value: traced, bare: on });
  }
  return [
    describe('metrics and logs of the dispatcher', signals, 'bare: the dispatcher without either'),
    describe(
      'traces of the dispatcher, none sampled',
      traces,
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
async function deliver(options: StageOptions, scrapeEveryMs?: number): Promise<SteadyRun> {
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
    const [dispatcher] = stage.platform.copies.filter(({ service }) => service === 'dispatcher');
    const url = new URL('/metrics', dispatcher?.healthUrl);
    const scrape = () =>
      void fetch(url).then(
        (answer) => answer.text(),
        () => undefined,
      );
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
