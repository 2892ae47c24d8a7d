import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_TENANT } from '@hookline/domain';
import { nextFreePort } from '@hookline/testkit';
import { startPeer, type Peer } from '../tests/peer.ts';
import { benchEvent } from './events.ts';
import { atMostTimes, compare, percentile, type Figure, type Pair } from './figure.ts';
import type { HangingMode, HangingSettings } from './peers/hanging.ts';
import type { ReceiverReport } from './peers/receiver.ts';
import { setBenchStage, type BenchStage } from './stage.ts';

const WEBHOOKS = 100;
const HANGING = 10;
const PER_SECOND = 1_000;
const WARM_MS = 2_000;
const WINDOW_MS = 6_000;
const TICK_MS = 5;
const PAIRS = 5;
const MODES: readonly HangingMode[] = ['no-syn-answer', 'tls', 'no-response', 'slow-body', 'dns'];
/** Of the stopped process's backlog. */
const FILLERS = 4;

/** A hundred webhooks of which ten hang, beside a hundred that don't: how late the healthy ones' deliveries arrive. */
export async function benchIsolation(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const mode of MODES) {
    for (const spread of [true, false]) figures.push(await isolation(mode, spread));
  }
  return figures;
}

async function isolation(mode: HangingMode, spread: boolean): Promise<Figure> {
  const nameServer = mode === 'dns' ? await nextFreePort(11_900) : null;
  const stage = await setBenchStage(
    nameServer === null ? {} : { env: { DISPATCHER_NAME_SERVERS: `127.0.0.1:${nameServer}` } },
  );
  const fillers: Socket[] = [];
  let hanging: Peer<unknown> | undefined;
  try {
    const ports = await stage.freePorts(WEBHOOKS);
    const receiver = await stage.startReceiver({ ports });
    const hangingPorts = nameServer === null ? await stage.freePorts(HANGING) : [nameServer];
    const settings: HangingSettings = { mode, ports: hangingPorts };
    hanging = startPeer(join(import.meta.dirname, 'peers/hanging.ts'), settings);
    await new Promise((resolve) => hanging?.process.once('message', resolve));
    if (mode === 'no-syn-answer') for (const port of hangingPorts) fillers.push(...(await fillBacklog(port)));
    await addWebhooks(stage, { mode, spread, ports, hangingPorts });
    await stage.start('retry-manager');
    const run = (set: 'healthy' | 'hanging') => p99(stage, receiver, set, spread);
    const pairs: Pair[] = [];
    for (let pair = 0; pair < PAIRS; pair++) pairs.push({ bare: await run('healthy'), value: await run('hanging') });
    const { value, bare, ratio } = compare(pairs);
    return {
      bench: 'isolation',
      name: `isolation p99 ${mode} ${spread ? '(spread over tenants)' : '(one tenant)'}`,
      value,
      unit: 'ms',
      bare,
      ratio,
      cpuUs: null,
      ...atMostTimes(1.2, ratio),
      note: `${PER_SECOND} events/s, ${HANGING} of ${WEBHOOKS} hang; of those that don't`,
    };
  } finally {
    for (const filler of fillers) filler.destroy();
    hanging?.process.kill('SIGKILL');
    await stage.close();
  }
}

/** Connections that the stopped process never accepts: its kernel takes no more after them. */
async function fillBacklog(port: number): Promise<Socket[]> {
  const fillers = Array.from({ length: FILLERS }, () => connect({ port, host: '127.0.0.1' }).on('error', () => {}));
  await sleep(50);
  return fillers;
}

const tenantOf = (index: number, spread: boolean) => (spread ? `tenant-${index}` : DEFAULT_TENANT);

async function addWebhooks(
  stage: BenchStage,
  {
    mode,
    spread,
    ports,
    hangingPorts,
  }: { mode: HangingMode; spread: boolean; ports: readonly number[]; hangingPorts: readonly number[] },
): Promise<void> {
  const hangingUrl = (index: number) => {
    if (mode === 'dns') return `http://never-${index}.hangs.example/`;
    return `${mode === 'tls' ? 'https' : 'http'}://127.0.0.1:${hangingPorts[index]}/`;
  };
  await stage.addWebhooks(
    (['healthy', 'hanging'] as const).flatMap((set) =>
      ports.map((port, index) => ({
        id: `wh_${set}_${index}`,
        tenant: tenantOf(index, spread),
        url: set === 'hanging' && index < HANGING ? hangingUrl(index) : `http://127.0.0.1:${port}/`,
        eventTypes: [`${set}.${index}`],
      })),
    ),
  );
}

/** Events to all hundred in turn, by a dispatcher that has just started; when those arrive that do. */
async function p99(
  stage: BenchStage,
  receiver: Peer<ReceiverReport>,
  set: 'healthy' | 'hanging',
  spread: boolean,
): Promise<number> {
  await stage.start('dispatcher');
  try {
    await publish(stage, set, spread, WARM_MS);
    receiver.tell('reset');
    await publish(stage, set, spread, WINDOW_MS);
    await sleep(500);
    const { latencies } = await receiver.report('latencies');
    if (latencies.length === 0) throw new Error('nothing arrived');
    return percentile(latencies, 0.99);
  } finally {
    await stage.stop('dispatcher');
  }
}

let published = 0;

async function publish(stage: BenchStage, set: string, spread: boolean, forMs: number): Promise<void> {
  const startedAtMs = performance.now();
  const appends: Promise<unknown>[] = [];
  let sent = 0;
  for (let elapsedMs = 0; elapsedMs < forMs; elapsedMs = performance.now() - startedAtMs) {
    const records = [];
    for (; sent < (elapsedMs / 1_000) * PER_SECOND; sent++) {
      const index = published++ % WEBHOOKS;
      records.push(benchEvent(`iso-${published}`, `${set}.${index}`, 1_024, tenantOf(index, spread)));
    }
    if (records.length > 0) appends.push(stage.eventLog.append(records));
    await sleep(TICK_MS);
  }
  await Promise.all(appends);
}
