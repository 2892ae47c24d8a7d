import { join } from 'node:path';
import { TOPIC } from '@hookline/contracts';
import { startPeer, type Peer } from '../tests/peer.ts';
import type { BareDeliverSettings } from './bare/deliver.ts';
import { medianBill, sum } from './cpu.ts';
import { benchEvent } from './events.ts';
import { atMostTimes, compare, median, type Figure, type Figures, type Pair } from './figure.ts';
import { checkBare } from './reference.ts';
import type { ReceiverReport } from './peers/receiver.ts';
import { setBenchStage, type BenchStage, type BenchWebhook, type StageOptions } from './stage.ts';
import { measureSteady, type SteadyRun } from './steady.ts';

const EVENTS = 60_000;
const PAIRS = 5;
/** For ratios far from 1. */
const FEW_PAIRS = 3;
const APPEND_AT_ONCE = 500;
export const BARE_TOPIC = 'bench.events';
const BARE_ATTEMPTS = 'bench.attempts';

/** 1 KB events that are in Kafka already, to one receiver or spread over a hundred: what a delivery costs the dispatcher. */
export async function* benchDeliver(): Figures {
  yield* withDeliverStage(async function* (stage) {
    yield await deliverTo(stage, { webhooks: 1, inFlight: 64, name: 'deliver 1 webhook' });
    yield await deliverTo(stage, { webhooks: 100, inFlight: 256, name: 'deliver 100 webhooks' });
  });
}

/** One event to many webhooks, spread over a hundred receivers. */
export async function* benchFanout(): Figures {
  yield* withDeliverStage(async function* (stage) {
    yield await fanOut(stage, 10);
    yield await fanOut(stage, 1_000);
  });
}

export async function* withDeliverStage(work: (stage: BenchStage) => Figures, options?: StageOptions): Figures {
  const stage = await setBenchStage(options);
  try {
    await makeBareTopics(stage);
    // What a full queue sheds comes back by way of the retry manager.
    await stage.start('retry-manager');
    yield* work(stage);
  } finally {
    await stage.close();
  }
}

/** A hundred receivers in one process, each at a port of its own. */
export interface Receivers {
  receiver: Peer<ReceiverReport>;
  ports: number[];
}

export async function startReceivers(stage: BenchStage, count: number): Promise<Receivers> {
  const ports = await stage.freePorts(count);
  return { receiver: await stage.startReceiver({ ports }), ports };
}

interface DeliverOptions {
  webhooks: number;
  inFlight: number;
  name: 'deliver 1 webhook' | 'deliver 100 webhooks';
}

async function deliverTo(stage: BenchStage, { webhooks, inFlight, name }: DeliverOptions): Promise<Figure> {
  const receivers = await startReceivers(stage, webhooks);
  const types = receivers.ports.map((port) => `deliver.${webhooks}.${port}`);
  await stage.addWebhooks(
    receivers.ports.map((port, index): BenchWebhook => ({
      id: `wh_deliver_${webhooks}_${index}`,
      url: `http://127.0.0.1:${port}/`,
      eventTypes: [types[index] as string],
    })),
  );
  const pairs: Pair[] = [];
  const runs: SteadyRun[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const bare = await runBare(stage, receivers, inFlight);
    const product = await runDispatcher(stage, receivers.receiver, { events: EVENTS, types, fanOut: 1 });
    runs.push(product);
    pairs.push({ value: sum(product.bill, 'dispatcher'), bare: sum(bare.bill) });
  }
  const { value, bare, ratio } = compare(pairs);
  return {
    bench: 'deliver',
    name,
    value,
    unit: 'µs CPU/delivery',
    bare,
    ratio,
    cpuUs: value,
    processes: medianBill(runs.map(({ bill }) => bill)),
    ...atMostTimes(1.5, ratio),
    note: `${rateOf(runs)} deliveries/s; ${checkBare(name, bare)}`,
  };
}

async function fanOut(stage: BenchStage, webhooks: number): Promise<Figure> {
  const receivers = await startReceivers(stage, 100);
  const type = `fanout.${webhooks}`;
  await stage.addWebhooks(
    Array.from({ length: webhooks }, (_, index): BenchWebhook => ({
      id: `wh_fanout_${webhooks}_${index}`,
      url: `http://127.0.0.1:${receivers.ports[index % receivers.ports.length]}/${index}`,
      eventTypes: [type],
    })),
  );
  const events = Math.ceil(EVENTS / webhooks);
  const pairs: Pair[] = [];
  const runs: SteadyRun[] = [];
  for (let pair = 0; pair < FEW_PAIRS; pair++) {
    const bare = await runBare(stage, receivers, 256);
    const product = await runDispatcher(stage, receivers.receiver, { events, types: [type], fanOut: webhooks });
    runs.push(product);
    pairs.push({ value: sum(product.bill, 'dispatcher'), bare: sum(bare.bill) });
  }
  const { value, bare, ratio } = compare(pairs);
  return {
    bench: 'fanout',
    name: `fanout ${webhooks}`,
    value,
    unit: 'µs CPU/delivery',
    bare,
    ratio,
    cpuUs: value,
    processes: medianBill(runs.map(({ bill }) => bill)),
    note: `${rateOf(runs)} deliveries/s; ${checkBare('deliver 100 webhooks', bare)}`,
  };
}

function rateOf(runs: readonly SteadyRun[]): string {
  return Math.round(median(runs.map(({ perSecond }) => perSecond))).toLocaleString('en');
}

/** Events that wait in Kafka before the dispatchers start. */
export async function runDispatcher(
  stage: BenchStage,
  receiver: Peer<ReceiverReport>,
  { events, types, fanOut }: { events: number; types: readonly string[]; fanOut: number },
): Promise<SteadyRun> {
  const { received } = await receiver.report();
  await fill(stage, events, types, TOPIC.events);
  await stage.start('dispatcher');
  try {
    return await measureSteady(receiver, events * fanOut, stage.watched('dispatcher'), received);
  } finally {
    await stage.stop('dispatcher');
  }
}

async function runBare(stage: BenchStage, { receiver, ports }: Receivers, inFlight: number): Promise<SteadyRun> {
  const { received } = await receiver.report();
  await fill(stage, EVENTS, ['bare'], BARE_TOPIC);
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
