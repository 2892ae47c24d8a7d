import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentMb } from '../tests/budgets/process-stats.ts';
import { startPeer, type Peer } from '../tests/peer.ts';
import { billPerUnit, medianBill, readCpu } from './cpu.ts';
import { benchEvent } from './events.ts';
import { atMostTimes, compare, percentile, type Figures, type Pair } from './figure.ts';
import type { ListenersReport, ListenersSettings } from './peers/listeners.ts';
import type { ReceiverReport } from './peers/receiver.ts';
import { setBenchStage, type BenchStage } from './stage.ts';

const CLIENTS = 1_000;
/** Beside those: clients that want all attempts, and read nothing. */
const STALLED = 20;
const WEBHOOKS = 100;
const PER_SECOND = 1_000;
const WARM_MS = 2_000;
const WINDOW_MS = 10_000;
const TICK_MS = 5;
const PAIRS = 3;
/** How long the last entries may take. */
const ARRIVED_WITHIN_MS = 15_000;
/** The backlog's bytes (hub.ts), as much again for garbage, 64 KiB for each client, and what one that reads nothing is given (client.ts). */
const MOST_MB = 2 * 64 + (CLIENTS * 64 + STALLED * 256) / 1024;

/** A thousand clients of the live feed, ten for each of a hundred webhooks, and twenty that don't read, beside none: what deliveries notice, and what the gateway needs. */
export async function* benchFeed(): Figures {
  const stage = await setBenchStage({ env: { GATEWAY_MAX_STREAMS_PER_TENANT: String(CLIENTS + STALLED) } });
  try {
    const [port] = await stage.freePorts(1);
    const receiver = await stage.startReceiver({ ports: [port!] });
    await stage.addWebhooks(
      Array.from({ length: WEBHOOKS }, (_, index) => ({
        id: `wh_feed_${index}`,
        url: `http://127.0.0.1:${port}/`,
        eventTypes: [`feed.${index}`],
      })),
    );
    await stage.start('retry-manager', 'dispatcher', 'gateway');
    const pairs: Pair[] = [];
    const bills: Record<string, number>[] = [];
    const resident: number[] = [];
    const gateway = stage.platform.copies.find(({ service }) => service === 'gateway')!.pid()!;
    // What one pair leaves there is not taken off the next one's.
    const beforeMb = residentMb(gateway);
    for (let pair = 0; pair < PAIRS; pair++) {
      const bare = percentile(await deliver(stage, receiver), 0.99);
      const watched = await withClients(stage, receiver, gateway);
      pairs.push({ bare, value: percentile(watched.latencies, 0.99) });
      bills.push(watched.bill);
      resident.push(watched.residentMb);
    }
    const { value, bare, ratio } = compare(pairs);
    const bill = medianBill(bills);
    const memory = Math.max(...resident) - beforeMb;
    const common = { bench: 'feed', cpuUs: null };
    yield* [
      {
        ...common,
        name: `feed: deliveries p99, ${CLIENTS} clients`,
        value,
        unit: 'ms',
        bare,
        ratio,
        ...atMostTimes(1.2, ratio),
        note: `${PER_SECOND} attempts/s; each of ${CLIENTS} WebSockets gets those of one of ${WEBHOOKS} webhooks, all of them; ${STALLED} more read nothing`,
      },
      {
        ...common,
        name: `feed: memory of the gateway, ${CLIENTS} clients`,
        value: memory,
        unit: 'MiB more',
        bare: null,
        ratio: null,
        target: `<= ${MOST_MB} MiB`,
        reached: memory <= MOST_MB,
      },
      {
        bench: 'feed',
        name: 'feed: CPU of the gateway for an entry',
        value: bill['gateway'] ?? Number.NaN,
        unit: 'µs',
        bare: null,
        ratio: null,
        cpuUs: bill['gateway'] ?? null,
      },
    ];
  } finally {
    await stage.close();
  }
}

/** @throws Error if a client has missed something, or a stream was ended */
async function withClients(stage: BenchStage, receiver: Peer<ReceiverReport>, gateway: number) {
  const settings: ListenersSettings = {
    gatewayUrl: stage.platform.gatewayUrl,
    token: stage.token,
    clients: CLIENTS,
    stalled: STALLED,
    types: WEBHOOKS,
  };
  const listeners = startPeer<ListenersReport>(join(import.meta.dirname, 'peers/listeners.ts'), settings);
  try {
    await new Promise((resolve) => listeners.process.once('message', resolve));
    const watched = { gateway: [gateway] };
    const before = readCpu(watched);
    const publishedBefore = published;
    const latencies = await deliver(stage, receiver);
    const wanted = ((published - publishedBefore) * CLIENTS) / WEBHOOKS;
    const { entries, ended } = await untilArrived(listeners, wanted);
    if (entries !== wanted || ended > 0) throw new Error(`${entries} of ${wanted} entries, ${ended} streams ended`);
    return { latencies, bill: billPerUnit(before, readCpu(watched), wanted), residentMb: residentMb(gateway) };
  } finally {
    listeners.process.kill('SIGKILL');
    await listeners.ended;
  }
}

async function untilArrived(listeners: Peer<ListenersReport>, wanted: number): Promise<ListenersReport> {
  const giveUpAtMs = performance.now() + ARRIVED_WITHIN_MS;
  for (;;) {
    const report = await listeners.report();
    if (report.entries >= wanted || performance.now() > giveUpAtMs) return report;
    await sleep(100);
  }
}

/** Events to all webhooks in turn; how late each arrived, once the first ones have. */
async function deliver(stage: BenchStage, receiver: Peer<ReceiverReport>): Promise<number[]> {
  await publish(stage, WARM_MS);
  receiver.tell('reset');
  await publish(stage, WINDOW_MS);
  await sleep(1_000);
  const { latencies } = await receiver.report('latencies');
  if (latencies.length === 0) throw new Error('nothing arrived');
  return latencies;
}

let published = 0;

/** As many to each webhook as to any other. */
async function publish(stage: BenchStage, forMs: number): Promise<void> {
  const startedAtMs = performance.now();
  const appends: Promise<unknown>[] = [];
  const all = (forMs / 1_000) * PER_SECOND;
  for (let sent = 0; sent < all; await sleep(TICK_MS)) {
    const due = Math.min(all, ((performance.now() - startedAtMs) / 1_000) * PER_SECOND);
    const records = [];
    for (; sent < due; sent++) {
      published++;
      records.push(benchEvent(`feed-${published}`, `feed.${published % WEBHOOKS}`));
    }
    if (records.length > 0) appends.push(stage.eventLog.append(records));
  }
  await Promise.all(appends);
}
