import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeSettled, GROUP, TOPIC } from '@hookline/contracts';
import { DEFAULT_TENANT, deliveryId } from '@hookline/domain';
import { nextFreePort } from '@hookline/testkit';
import { startPeer, type Peer } from '../tests/peer.ts';
import { benchEvent } from './events.ts';
import { atMostTimes, compare, percentile, type Figures, type Pair } from './figure.ts';
import type { HangingMode, HangingSettings } from './peers/hanging.ts';
import type { ReceiverReport } from './peers/receiver.ts';
import { setBenchStage, type BenchStage } from './stage.ts';

const WEBHOOKS = 100;
const HANGING = 10;
const PER_SECOND = 1_000;
const WARM_MS = 2_000;
const WINDOW_MS = 10_000;
const TICK_MS = 5;
const PAIRS = 5;
const MODES: readonly HangingMode[] = ['no-syn-answer', 'tls', 'no-response', 'slow-body', 'dns'];
/** Of the stopped process's backlog. */
const FILLERS = 4;
const FORGET_MS = 30_000;
const FORGET_POLL_MS = 200;
/** What hangs is broken off soon when a dispatcher is to stop. */
const GRACE_PERIOD = '2s';

/** A hundred webhooks of which ten hang, beside a hundred that don't: how late the healthy ones' deliveries arrive. */
export async function* benchIsolation(): Figures {
  const nameServer = await nextFreePort(11_900);
  const stage = await setBenchStage({
    env: { DISPATCHER_NAME_SERVERS: `127.0.0.1:${nameServer}`, HOOKLINE_GRACE_PERIOD: GRACE_PERIOD },
  });
  const bench = new Isolation(stage, nameServer);
  try {
    await bench.start();
    // In its first half minute the broker compiles what it runs, and what is measured would wait for that.
    await bench.p99(null, true);
    yield* bench.figures(true);
    yield* bench.figures(false);
  } finally {
    bench.close();
    await stage.close();
  }
}

class Isolation {
  readonly stage: BenchStage;
  readonly nameServer: number;
  readonly hanging: Peer<unknown>[] = [];
  readonly fillers: Socket[] = [];
  /** By mode, where nobody answers as they should. */
  readonly hangingPorts = new Map<HangingMode, readonly number[]>();
  ports: readonly number[] = [];
  receiver!: Peer<ReceiverReport>;
  runs = 0;
  published = 0;

  constructor(stage: BenchStage, nameServer: number) {
    this.stage = stage;
    this.nameServer = nameServer;
  }

  async start(): Promise<void> {
    this.ports = await this.stage.freePorts(WEBHOOKS);
    this.receiver = await this.stage.startReceiver({ ports: this.ports });
    for (const mode of MODES) {
      const ports = mode === 'dns' ? [this.nameServer] : await this.stage.freePorts(HANGING);
      this.hangingPorts.set(mode, ports);
      const settings: HangingSettings = { mode, ports };
      const peer = startPeer(join(import.meta.dirname, 'peers/hanging.ts'), settings);
      this.hanging.push(peer);
      await new Promise((resolve) => peer.process.once('message', resolve));
      if (mode === 'no-syn-answer') for (const port of ports) this.fillers.push(...(await fillBacklog(port)));
    }
    await this.stage.start('retry-manager');
  }

  /** In each round all modes are beside the same run without. */
  async *figures(spread: boolean): Figures {
    const where = spread ? 'spread over tenants' : 'one tenant';
    const pairs = new Map(MODES.map((mode) => [mode, [] as Pair[]]));
    for (let round = 1; round <= PAIRS; round++) {
      const bare = await this.p99(null, spread);
      const measured: string[] = [];
      for (const mode of MODES) {
        const value = await this.p99(mode, spread);
        pairs.get(mode)?.push({ value, bare });
        measured.push(`${mode} ${value.toFixed(1)}`);
      }
      console.log(`    ${where}, round ${round} of ${PAIRS}: none hang ${bare.toFixed(1)} ms; ${measured.join(', ')}`);
    }
    for (const [mode, ofMode] of pairs) {
      const { value, bare, ratio } = compare(ofMode);
      yield {
        bench: 'isolation',
        name: `isolation p99 ${mode}${spread ? '' : ', one tenant'}`,
        value,
        unit: 'ms',
        bare,
        ratio,
        cpuUs: null,
        ...atMostTimes(1.2, ratio),
        note: `${PER_SECOND} events/s, ${HANGING} of ${WEBHOOKS} hang, ${where}; of those that don't`,
      };
    }
  }

  /** Events to all hundred in turn, by a dispatcher that has just started; when those arrive that do. */
  async p99(mode: HangingMode | null, spread: boolean): Promise<number> {
    const from = this.published;
    const run = `run${++this.runs}`;
    const webhooks = this.ports.map((port, index) => ({
      id: webhookId(run, index),
      tenant: tenantOf(index, spread),
      url: mode !== null && index < HANGING ? this.hangingUrl(mode, index) : `http://127.0.0.1:${port}/`,
      eventTypes: [`${run}.${index}`],
    }));
    await this.stage.addWebhooks(webhooks);
    await this.stage.start('dispatcher');
    try {
      await this.publish(run, spread, WARM_MS);
      this.receiver.tell('reset');
      await this.publish(run, spread, WINDOW_MS);
      await sleep(500);
      const { latencies } = await this.receiver.report('latencies');
      if (latencies.length === 0) throw new Error('nothing arrived');
      return percentile(latencies, 0.99);
    } finally {
      await this.stage.removeWebhooks(webhooks.map(({ id }) => id));
      await this.stage.stop('dispatcher');
      await this.forgetRetries(run, from, spread);
    }
  }

  /** What of a run waits to be tried again would come due in the next one. */
  async forgetRetries(run: string, from: number, spread: boolean): Promise<void> {
    const settled = [];
    for (let number = from; number < this.published; number++) {
      const index = number % WEBHOOKS;
      settled.push(encodeSettled(deliveryId(tenantOf(index, spread), eventId(number), webhookId(run, index))));
    }
    await this.stage.eventLog.append(settled);
    for (const endMs = performance.now() + FORGET_MS; performance.now() < endMs; await sleep(FORGET_POLL_MS)) {
      if (
        (await this.isApplied()) &&
        sumOf(await this.stage.metrics('retry-manager'), 'webhook_retry_queue_size') === 0
      )
        return;
    }
    throw new Error('retries of the last run wait still');
  }

  /** Whether the retry manager has taken all that there is. */
  async isApplied(): Promise<boolean> {
    const { eventLog } = this.stage;
    const ends = await eventLog.endOffsets(TOPIC.retries);
    const committed = await eventLog.committed(GROUP.retryManager, TOPIC.retries);
    return ends.every((end, partition) => end === 0 || (committed[partition] ?? 0) >= end);
  }

  hangingUrl(mode: HangingMode, index: number): string {
    if (mode === 'dns') return `http://never-${index}.hangs.example/`;
    return `${mode === 'tls' ? 'https' : 'http'}://127.0.0.1:${this.hangingPorts.get(mode)?.[index]}/`;
  }

  async publish(run: string, spread: boolean, forMs: number): Promise<void> {
    const startedAtMs = performance.now();
    const appends: Promise<unknown>[] = [];
    let sent = 0;
    for (let elapsedMs = 0; elapsedMs < forMs; elapsedMs = performance.now() - startedAtMs) {
      const records = [];
      for (; sent < (elapsedMs / 1_000) * PER_SECOND; sent++) {
        const number = this.published++;
        const index = number % WEBHOOKS;
        records.push(benchEvent(eventId(number), `${run}.${index}`, 1_024, tenantOf(index, spread)));
      }
      if (records.length > 0) appends.push(this.stage.eventLog.append(records));
      await sleep(TICK_MS);
    }
    await Promise.all(appends);
  }

  close(): void {
    for (const filler of this.fillers) filler.destroy();
    for (const peer of this.hanging) peer.process.kill('SIGKILL');
  }
}

function webhookId(run: string, index: number): string {
  return `wh_${run}_${index}`;
}

function eventId(number: number): string {
  return `iso-${number}`;
}

/** Of all samples of a gauge. */
function sumOf(metrics: string, name: string): number {
  const samples = metrics.split('\n').filter((line) => line.startsWith(`${name}{`));
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

function tenantOf(index: number, spread: boolean): string {
  return spread ? `tenant-${index}` : DEFAULT_TENANT;
}

/** Connections that the stopped process never accepts: its kernel takes no more after them. */
async function fillBacklog(port: number): Promise<Socket[]> {
  const fillers = Array.from({ length: FILLERS }, () => connect({ port, host: '127.0.0.1' }).on('error', () => {}));
  await sleep(50);
  return fillers;
}
