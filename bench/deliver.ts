import { join } from 'node:path';
import { TOPIC } from '@hookline/contracts';
import { startPeer } from '../tests/peer.ts';
import type { BareDeliverSettings } from './bare/deliver.ts';
import { sum } from './cpu.ts';
import { benchEvent } from './events.ts';
import { atMostTimes, compare, type Figure, type Pair } from './figure.ts';
import { checkBare } from './reference.ts';
import { setBenchStage, type BenchStage, type BenchWebhook } from './stage.ts';
import { measureSteady, type SteadyRun } from './steady.ts';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 60_000);
const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 5);
const APPEND_AT_ONCE = 500;
const BARE_TOPIC = 'bench.events';
const BARE_ATTEMPTS = 'bench.attempts';

/** 1 KB events that are in Kafka already, to one receiver or spread over a hundred: what a delivery costs the dispatcher. */
export async function benchDeliver(): Promise<Figure[]> {
  const stage = await setBenchStage();
  try {
    // What a full queue sheds comes back by way of the retry manager.
    await stage.start('retry-manager');
    return [
      await deliverTo(stage, 1, { inFlight: 64, bareUs: 'deliver 1 webhook' }),
      await deliverTo(stage, 100, { inFlight: 256, bareUs: 'deliver 100 webhooks' }),
    ];
  } finally {
    await stage.close();
  }
}

interface DeliverOptions {
  inFlight: number;
  bareUs: 'deliver 1 webhook' | 'deliver 100 webhooks';
}

async function deliverTo(stage: BenchStage, webhooks: number, { inFlight, bareUs }: DeliverOptions): Promise<Figure> {
  const ports = await stage.freePorts(webhooks);
  const receiver = await stage.startReceiver({ ports });
  const types = ports.map((port) => `deliver.${webhooks}.${port}`);
  await stage.addWebhooks(
    ports.map((port, index): BenchWebhook => ({
      id: `wh_deliver_${webhooks}_${index}`,
      url: `http://127.0.0.1:${port}/`,
      eventTypes: [types[index] as string],
    })),
  );
  await makeBareTopics(stage);

  async function runProduct(): Promise<SteadyRun> {
    const { received } = await receiver.report();
    await fill(stage, EVENTS, types, TOPIC.events);
    await stage.start('dispatcher');
    try {
      return await measureSteady(receiver, EVENTS, stage.watched('dispatcher'), received);
    } finally {
      await stage.stop('dispatcher');
    }
  }

  async function runBare(): Promise<SteadyRun> {
    const { received } = await receiver.report();
    await fill(stage, EVENTS, types, BARE_TOPIC);
    const settings: BareDeliverSettings = {
      brokers: stage.kafka.brokers,
      topic: BARE_TOPIC,
      group: 'bench.bare',
      ports,
      inFlight,
      attemptsTopic: BARE_ATTEMPTS,
    };
    const bare = startPeer(join(import.meta.dirname, 'bare/deliver.ts'), settings);
    try {
      return await measureSteady(receiver, EVENTS, { bare: [bare.process.pid] }, received);
    } finally {
      bare.process.disconnect();
      await bare.ended;
    }
  }

  const pairs: Pair[] = [];
  const runs: SteadyRun[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const bare = await runBare();
    const product = await runProduct();
    runs.push(product);
    pairs.push({ value: sum(product.bill, 'dispatcher'), bare: sum(bare.bill) });
  }
  const name = `deliver ${webhooks} webhook${webhooks === 1 ? '' : 's'}`;
  const { value, bare, ratio } = compare(pairs);
  const last = runs.at(-1) as SteadyRun;
  return {
    bench: 'deliver',
    name,
    value,
    unit: 'µs CPU/delivery',
    bare,
    ratio,
    cpuUs: value,
    processes: last.bill,
    ...atMostTimes(1.5, ratio),
    note: `${Math.round(last.perSecond).toLocaleString('en')} deliveries/s in the last run; ${checkBare(bareUs, bare)}`,
  };
}

/** Records of 1 KB, their types in turn. */
export async function fill(stage: BenchStage, events: number, types: readonly string[], topic: string): Promise<void> {
  const prefix = `${topic}-${performance.now().toFixed(0)}`;
  const calls: Promise<unknown>[] = [];
  for (let from = 0; from < events; from += APPEND_AT_ONCE) {
    const records = Array.from({ length: Math.min(APPEND_AT_ONCE, events - from) }, (_, index) => {
      const number = from + index;
      return { ...benchEvent(`${prefix}-${number}`, types[number % types.length] as string), topic };
    });
    calls.push(stage.eventLog.append(records, { deadlineMs: 60_000 }));
    if (calls.length >= 20) await Promise.all(calls.splice(0));
  }
  await Promise.all(calls);
}

export async function makeBareTopics(stage: BenchStage): Promise<void> {
  const spec = { partitions: 12, cleanup: 'delete', retentionMs: 86_400_000, maxBytes: 4 * 1024 * 1024 } as const;
  await stage.eventLog.createTopics([
    { name: BARE_TOPIC, ...spec },
    { name: BARE_ATTEMPTS, ...spec },
  ]);
}
