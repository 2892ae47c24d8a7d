import { medianBill, sum } from './cpu.ts';
import { atMost, compare, median, percentile, type Figure, type Figures, type Pair } from './figure.ts';
import { underLoad, type IngestRun } from './ingest.ts';
import type { LoadSettings } from './peers/load.ts';
import { setBenchStage, type BenchStage } from './stage.ts';

const PAIRS = 5;

/** Events that go through the gateway, as fast as 256 clients (16 with batches) send, beside the same sent to ingestion directly: what it adds. */
export async function* benchGateway(): Figures {
  const stage = await setBenchStage();
  try {
    await stage.start('registry', 'ingestion', 'gateway');
    yield await through(stage, { name: 'gateway single', batch: 1, connections: 256, boundUs: 120 });
    yield await through(stage, { name: 'gateway batch 100', batch: 100, connections: 16, boundUs: 5 });
  } finally {
    await stage.close();
  }
}

interface GatewayOptions {
  name: string;
  batch: number;
  connections: number;
  /** Of CPU for each event. */
  boundUs: number;
}

async function through(stage: BenchStage, { name, batch, connections, boundUs }: GatewayOptions): Promise<Figure> {
  const run = (url: string): Promise<IngestRun> => {
    const load: LoadSettings = {
      port: Number(new URL(url).port),
      path: batch === 1 ? '/api/v1/events' : '/api/v1/events:batch',
      token: stage.token,
      connections,
      batch,
      perSecond: null,
      types: 1,
    };
    return underLoad(load, stage.watched('gateway', 'ingestion'));
  };
  const pairs: Pair[] = [];
  const runs: IngestRun[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const direct = await run(stage.platform.ingestionUrl);
    const product = await run(stage.platform.gatewayUrl);
    runs.push(product);
    pairs.push({ value: sum(product.bill, 'gateway', 'ingestion'), bare: sum(direct.bill, 'gateway', 'ingestion') });
  }
  const { value: both, bare } = compare(pairs);
  const bill = medianBill(runs.map((product) => product.bill));
  const value = sum(bill, 'gateway');
  const latencies = runs.flatMap((product) => product.latencies);
  return {
    bench: 'gateway',
    name,
    value,
    unit: 'µs CPU/event',
    bare: null,
    ratio: null,
    cpuUs: value,
    processes: bill,
    ...atMost(boundUs, value, 'µs'),
    note:
      `gateway and ingestion together ${both.toFixed(1)} µs, ingestion directly ${bare.toFixed(1)} µs; ` +
      `${Math.round(median(runs.map(({ perSecond }) => perSecond))).toLocaleString('en')} acknowledged events/s, ` +
      `p50 ${percentile(latencies, 0.5).toFixed(1)} ms, p99 ${percentile(latencies, 0.99).toFixed(1)} ms`,
  };
}
