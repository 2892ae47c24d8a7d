import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPeer, type Peer } from '../tests/peer.ts';
import type { BareDeliverSettings } from './bare/deliver.ts';
import type { BareIngestSettings } from './bare/ingest.ts';
import { billPerUnit, readCpu, sum, type Watched } from './cpu.ts';
import { BARE_TOPIC, makeBareTopics } from './deliver.ts';
import { percentile, type Figure, type Figures } from './figure.ts';
import { startLoad } from './ingest.ts';
import type { LoadSettings } from './peers/load.ts';
import type { ReceiverReport } from './peers/receiver.ts';
import { checkBare } from './reference.ts';
import { setBenchStage, type BenchStage } from './stage.ts';

const SERVICES = ['ingestion', 'dispatcher', 'retry-manager', 'observability'] as const;
const RECEIVERS = 10;
const WARM_MS = 10_000;
const WINDOW_MS = 60_000;
const LATENCY_WINDOW_MS = 20_000;
const SAMPLE_MS = 1_000;
/** A backlog that grows by less than this share of the rate is noise. */
const STEADY_SHARE = 0.01;
/** More than it can do. */
const BARE_RATE = 20_000;
const TRIES = 6;
const LOG_DEADLINE_MS = 120_000;

interface Flow {
  /** Delivered a second. */
  perSecond: number;
  /** By how many events the backlog (acknowledged, not delivered) grew each second. */
  slope: number;
  /** The same of the records that the delivery log has not read yet. */
  logSlope: number;
  bill: Record<string, number>;
  latencies: number[];
}

/** From REST to the receiver, with everything on one machine: load, ingestion, Kafka, dispatcher, receiver, and the log of it in PostgreSQL. */
export async function* benchE2e(): Figures {
  const stage = await setBenchStage({ env: { OBSERVABILITY_PAYLOADS: 'failed' } });
  try {
    const ports = await stage.freePorts(RECEIVERS);
    const receiver = await stage.startReceiver({ ports });
    await stage.addWebhooks(
      ports.map((port, index) => ({
        id: `wh_e2e_${index}`,
        url: `http://127.0.0.1:${port}/`,
        eventTypes: [`load.${index}`],
      })),
    );
    await makeBareTopics(stage);
    await stage.start('observability', 'retry-manager', 'ingestion', 'dispatcher');
    const bench = new E2e(stage, receiver, ports);
    yield await bench.throughput('e2e single', { batch: 1, connections: 256, target: 6_000 });
    yield await bench.throughput('e2e batch 100', { batch: 100, connections: 32, target: 10_000 });
    yield* await bench.latency(200);
    yield* await bench.latency(1_000);
  } finally {
    await stage.close();
  }
}

class E2e {
  readonly stage: BenchStage;
  readonly receiver: Peer<ReceiverReport>;
  readonly ports: readonly number[];

  constructor(stage: BenchStage, receiver: Peer<ReceiverReport>, ports: readonly number[]) {
    this.stage = stage;
    this.receiver = receiver;
    this.ports = ports;
  }

  /** The highest rate at which the backlog doesn't grow, from the target downwards. */
  async throughput(
    name: 'e2e single' | 'e2e batch 100',
    { batch, connections, target }: { batch: number; connections: number; target: number },
  ): Promise<Figure> {
    const bare = await this.withBare((port) =>
      this.flow({ port, path: '/', batch, connections, perSecond: BARE_RATE }, this.bareWatched, WINDOW_MS / 3),
    );
    const tried: string[] = [];
    let rate = target;
    let flow: Flow;
    let isSteady: boolean;
    for (let tries = 1; ; tries++) {
      flow = await this.product({ batch, connections, perSecond: rate }, WINDOW_MS);
      isSteady = Math.max(flow.slope, flow.logSlope) <= rate * STEADY_SHARE && flow.perSecond >= rate * 0.98;
      tried.push(
        `${rate} offered: ${Math.round(flow.perSecond)} delivered/s, backlog ${signed(flow.slope)}/s, the log's ${signed(flow.logSlope)}/s`,
      );
      await this.drained();
      if (isSteady || tries === TRIES) break;
      rate = Math.floor(Math.min(rate * 0.95, flow.perSecond * 0.97));
    }
    const bareUs = sum(bare.bill, 'bare ingest', 'bare dispatch');
    const ours = sum(flow.bill, ...SERVICES);
    return {
      bench: 'e2e',
      name,
      value: flow.perSecond,
      unit: 'events/s',
      bare: bare.perSecond,
      ratio: flow.perSecond / bare.perSecond,
      cpuUs: ours,
      processes: flow.bill,
      target: `>= ${target} events/s`,
      reached: isSteady && rate >= target,
      note: `all processes together ${sum(flow.bill).toFixed(0)} µs CPU an event; ${tried.join('; ')}; bare ${bareUs.toFixed(0)} µs, ${checkBare(name, bareUs)}`,
    };
  }

  async latency(perSecond: number): Promise<Figure[]> {
    const settings = { batch: 1, connections: 64, perSecond };
    const bare = await this.withBare((port) => this.flow({ port, path: '/', ...settings }, {}, LATENCY_WINDOW_MS));
    const flow = await this.product(settings, LATENCY_WINDOW_MS);
    return (
      [
        [0.5, 'p50', 3],
        [0.99, 'p99', 11],
      ] as const
    ).map(([share, label, bound]) => {
      const value = percentile(flow.latencies, share);
      const bareMs = percentile(bare.latencies, share);
      const reached = value <= 2 * bareMs && (perSecond !== 200 || value <= bound);
      return {
        bench: 'e2e',
        name: `e2e latency ${perSecond}/s`,
        value,
        unit: `ms ${label}`,
        bare: bareMs,
        ratio: value / bareMs,
        cpuUs: sum(flow.bill, ...SERVICES),
        target: perSecond === 200 ? `<= ${bound} ms and <= 2×` : '<= 2×',
        reached,
      };
    });
  }

  product(settings: Pick<LoadSettings, 'batch' | 'connections' | 'perSecond'>, windowMs: number): Promise<Flow> {
    const port = Number(new URL(this.stage.platform.ingestionUrl).port);
    const path = settings.batch === 1 ? '/api/v1/events' : '/api/v1/events:batch';
    return this.flow({ port, path, ...settings }, this.stage.watched(...SERVICES), windowMs);
  }

  bareWatched: Watched = {};

  /** The prototype: node:http to Kafka, Kafka to undici; no log, no engine. */
  async withBare<T>(work: (port: number) => Promise<T>): Promise<T> {
    const [port] = (await this.stage.freePorts(1)) as [number];
    const ingestSettings: BareIngestSettings = { brokers: this.stage.kafka.brokers, topic: BARE_TOPIC, port };
    const deliverSettings: BareDeliverSettings = {
      brokers: this.stage.kafka.brokers,
      topic: BARE_TOPIC,
      group: 'bench.e2e',
      ports: this.ports,
      inFlight: 256,
    };
    const ingest = startPeer(join(import.meta.dirname, 'bare/ingest.ts'), ingestSettings);
    await new Promise((resolve) => ingest.process.once('message', resolve));
    const deliver = startPeer(join(import.meta.dirname, 'bare/deliver.ts'), deliverSettings);
    await new Promise((resolve) => deliver.process.once('message', resolve));
    this.bareWatched = {
      'bare ingest': [ingest.process.pid],
      'bare dispatch': [deliver.process.pid],
      kafka: this.stage.kafka.nodes.map(({ pid }) => pid),
    };
    try {
      return await work(port);
    } finally {
      ingest.process.disconnect();
      deliver.process.disconnect();
      await Promise.all([ingest.ended, deliver.ended]);
    }
  }

  async flow(settings: Omit<LoadSettings, 'token' | 'types'>, watched: Watched, windowMs: number): Promise<Flow> {
    const load = await startLoad({ ...settings, token: this.stage.token, types: RECEIVERS });
    const before = (await this.receiver.report()).received;
    try {
      await sleep(WARM_MS);
      this.receiver.tell('reset');
      const all: Watched = { ...watched, load: [load.process.pid], receiver: [this.receiver.process.pid] };
      const from = { cpu: readCpu(all), received: (await this.receiver.report()).received, ms: performance.now() };
      const backlogs: number[] = [];
      const unlogged: number[] = [];
      while (performance.now() < from.ms + windowMs) {
        await sleep(SAMPLE_MS);
        unlogged.push(await this.unlogged());
        const { acknowledged } = await load.report();
        backlogs.push(acknowledged - ((await this.receiver.report()).received - before));
      }
      const cpu = readCpu(all);
      const ms = performance.now();
      const { received, latencies } = await this.receiver.report('latencies');
      const { refused, sent } = await load.report();
      if (refused > 0) console.log(`    ${refused} of ${sent} events were refused`);
      const delivered = received - from.received;
      return {
        perSecond: (delivered / (ms - from.ms)) * 1_000,
        slope: slopeOf(backlogs) / (SAMPLE_MS / 1_000),
        logSlope: slopeOf(unlogged) / (SAMPLE_MS / 1_000),
        bill: billPerUnit(from.cpu, cpu, delivered),
        latencies,
      };
    } finally {
      load.tell('stop');
      await sleep(500);
      load.process.kill('SIGKILL');
    }
  }

  /** Records that observability has not processed yet, by its own word. */
  async unlogged(): Promise<number> {
    const text = await this.stage.metrics('observability');
    const lags = [...text.matchAll(/^webhook_kafka_consumer_lag\{[^}]*\} (\S+)$/gm)];
    if (lags.length === 0) throw new Error('observability says nothing of its lag');
    return lags.reduce((sum, [, records]) => sum + Number(records), 0);
  }

  /** Until nothing arrives any more and all is logged, so that the next run begins with nothing behind. */
  async drained(): Promise<void> {
    for (let last = -1; ; await sleep(2_000)) {
      const { received } = await this.receiver.report();
      if (received === last) break;
      last = received;
    }
    for (const endMs = performance.now() + LOG_DEADLINE_MS; (await this.unlogged()) > 0; await sleep(500)) {
      if (performance.now() > endMs) throw new Error('the delivery log does not catch up');
    }
  }
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(0)}`;
}

/** Least squares: the growth from one sample to the next. */
function slopeOf(samples: readonly number[]): number {
  const n = samples.length;
  const meanX = (n - 1) / 2;
  const meanY = samples.reduce((a, b) => a + b, 0) / n;
  let above = 0;
  let below = 0;
  samples.forEach((y, x) => {
    above += (x - meanX) * (y - meanY);
    below += (x - meanX) ** 2;
  });
  return above / below;
}
