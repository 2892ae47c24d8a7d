import { join } from 'node:path';
import { medianBill, sum } from './cpu.ts';
import { runDispatcher, startReceivers } from './deliver.ts';
import { atMostTimes, compare, type Figure, type Pair } from './figure.ts';
import { setBenchStage, type StageOptions } from './stage.ts';
import type { SteadyRun } from './steady.ts';

const EVENTS = 60_000;
const WEBHOOKS = 100;
const PAIRS = 3;
/** A good deal more often than anybody's Prometheus asks. */
const SCRAPE_EVERY_MS = 1_000;
const WITHOUT_METRICS = join(import.meta.dirname, 'peers/without-metrics.ts');

/** What metrics, asked for once a second, and a line at `info` for each attempt cost the dispatcher, beside neither. */
export async function benchSignals(): Promise<Figure[]> {
  const pairs: Pair[] = [];
  const runs: SteadyRun[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const off = await deliver({ env: { LOG_LEVEL: 'silent' }, nodeOptions: `--import=${WITHOUT_METRICS}` });
    const on = await deliver({ env: { LOG_LEVEL: 'info' } }, SCRAPE_EVERY_MS);
    runs.push(on);
    pairs.push({ value: sum(on.bill, 'dispatcher'), bare: sum(off.bill, 'dispatcher') });
  }
  const { value, bare, ratio } = compare(pairs);
  return [
    {
      bench: 'signals',
      name: 'metrics and logs of the dispatcher',
      value,
      unit: 'µs CPU/delivery',
      bare,
      ratio,
      cpuUs: value,
      processes: medianBill(runs.map(({ bill }) => bill)),
      ...atMostTimes(1.05, ratio),
      note: 'bare: the dispatcher without either',
    },
  ];
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
