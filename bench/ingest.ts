import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPeer, type Peer } from '../tests/peer.ts';
import type { BareIngestSettings } from './bare/ingest.ts';
import { billPerUnit, medianBill, readCpu, sum, type Watched } from './cpu.ts';
import { BARE_TOPIC, makeBareTopics } from './deliver.ts';
import { atMostTimes, compare, median, percentile, type Figure, type Figures, type Pair } from './figure.ts';
import type { LoadReport, LoadSettings } from './peers/load.ts';
import { checkBare } from './reference.ts';
import { setBenchStage, type BenchStage } from './stage.ts';

const PAIRS = 5;
const WARM_MS = 3_000;
const WINDOW_MS = 5_000;

export interface IngestRun {
  perSecond: number;
  bill: Record<string, number>;
  latencies: number[];
}

/** Acknowledged events a second as fast as 256 clients (16 with batches) send: what accepting one costs ingestion. */
export async function* benchIngest(): Figures {
  const stage = await setBenchStage();
  try {
    await stage.start('ingestion');
    await makeBareTopics(stage);
    yield await ingest(stage, { name: 'ingest single', batch: 1, connections: 256, bound: 1.6 });
    yield await ingest(stage, { name: 'ingest batch 100', batch: 100, connections: 16, bound: 1.5 });
  } finally {
    await stage.close();
  }
}

interface IngestOptions {
  name: 'ingest single' | 'ingest batch 100';
  batch: number;
  connections: number;
  bound: number;
}

async function ingest(stage: BenchStage, { name, batch, connections, bound }: IngestOptions): Promise<Figure> {
  const load = (port: number, path: string): LoadSettings => ({
    port,
    path,
    token: stage.token,
    connections,
    batch,
    perSecond: null,
    types: 1,
  });
  const path = batch === 1 ? '/api/v1/events' : '/api/v1/events:batch';

  async function runBare(): Promise<IngestRun> {
    const [port] = (await stage.freePorts(1)) as [number];
    const settings: BareIngestSettings = { brokers: stage.kafka.brokers, topic: BARE_TOPIC, port };
    const bare = startPeer(join(import.meta.dirname, 'bare/ingest.ts'), settings);
    await new Promise((resolve) => bare.process.once('message', resolve));
    try {
      return await underLoad(load(port, '/'), { bare: [bare.process.pid] });
    } finally {
      bare.process.disconnect();
      await bare.ended;
    }
  }

  const runProduct = () =>
    underLoad(load(Number(new URL(stage.platform.ingestionUrl).port), path), stage.watched('ingestion'));

  const pairs: Pair[] = [];
  const runs: IngestRun[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const bare = await runBare();
    const product = await runProduct();
    runs.push(product);
    pairs.push({ value: sum(product.bill, 'ingestion'), bare: sum(bare.bill) });
  }
  const { value, bare, ratio } = compare(pairs);
  const latencies = runs.flatMap((run) => run.latencies);
  return {
    bench: 'ingest',
    name,
    value,
    unit: 'µs CPU/event',
    bare,
    ratio,
    cpuUs: value,
    processes: medianBill(runs.map(({ bill }) => bill)),
    ...atMostTimes(bound, ratio),
    note:
      `${Math.round(median(runs.map((run) => run.perSecond))).toLocaleString('en')} acknowledged events/s, ` +
      `p50 ${percentile(latencies, 0.5).toFixed(1)} ms, p99 ${percentile(latencies, 0.99).toFixed(1)} ms; ${checkBare(name, bare)}`,
  };
}

export async function startLoad(settings: LoadSettings): Promise<Peer<LoadReport>> {
  const load = startPeer<LoadReport>(join(import.meta.dirname, 'peers/load.ts'), settings);
  await new Promise((resolve) => load.process.once('message', resolve));
  return load;
}

/** Rejects where an event was refused. */
export async function underLoad(settings: LoadSettings, watched: Watched): Promise<IngestRun> {
  const load = await startLoad(settings);
  try {
    await sleep(WARM_MS);
    load.tell('reset');
    const from = { ...(await load.report()), cpu: readCpu(watched), ms: performance.now() };
    await sleep(WINDOW_MS);
    const cpu = readCpu(watched);
    const ms = performance.now();
    const to = await load.report('latencies');
    const events = to.acknowledged - from.acknowledged;
    if (to.refused > 0) throw new Error(`${to.refused} of ${to.sent} events were refused`);
    return {
      perSecond: (events / (ms - from.ms)) * 1_000,
      bill: billPerUnit(from.cpu, cpu, events),
      latencies: to.latencies,
    };
  } finally {
    load.tell('stop');
    await sleep(300);
    load.process.kill('SIGKILL');
  }
}
