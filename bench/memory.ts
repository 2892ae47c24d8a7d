import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeEvent, TOPIC } from '@hookline/contracts';
import { DEFAULT_TENANT } from '@hookline/domain';
import { residentMb } from '../tests/budgets/process-stats.ts';
import { startPeer } from '../tests/peer.ts';
import { SERVICE_NAMES, type ServiceName } from '../tools/platform/services.ts';
import { fill, startReceivers } from './deliver.ts';
import type { Figure, Figures } from './figure.ts';
import { startLoad } from './ingest.ts';
import type { HangingSettings } from './peers/hanging.ts';
import { setBenchStage, type BenchStage } from './stage.ts';

const HANGING = 10;
const LARGE_BYTES = 256 * 1024;
const LARGE_EVENTS = 1_500;
const BEHIND = 1_000_000;
const WATCH_MS = 40_000;
const SAMPLE_MS = 250;
const SETTLE_MS = 15_000;
const LOAD_PER_SECOND = 1_000;
const LOAD_MS = 20_000;

/** Resident memory: each service idle and at load, and the dispatcher when nobody answers. */
export async function* benchMemory(): Figures {
  yield* ofServices();
  yield await hanging('large events');
  yield await hanging('events behind');
}

async function* ofServices(): Figures {
  const stage = await setBenchStage();
  try {
    const { ports } = await startReceivers(stage, 10);
    await stage.addWebhooks(
      ports.map((port, index) => ({
        id: `wh_memory_${index}`,
        url: `http://127.0.0.1:${port}/`,
        eventTypes: [`load.${index}`],
      })),
    );
    await stage.platform.start();
    await sleep(SETTLE_MS);
    const idle = residentOf(stage, SERVICE_NAMES);
    const load = await startLoad({
      port: Number(new URL(stage.platform.gatewayUrl).port),
      path: '/api/v1/events',
      token: stage.token,
      connections: 32,
      batch: 1,
      perSecond: LOAD_PER_SECOND,
      types: ports.length,
    });
    await sleep(LOAD_MS);
    const busy = residentOf(stage, SERVICE_NAMES);
    load.process.kill('SIGKILL');
    for (const service of SERVICE_NAMES) {
      yield megabytes(`memory ${service} idle`, idle[service] as number);
      yield megabytes(`memory ${service} at load`, busy[service] as number, `${LOAD_PER_SECOND} events/s`);
    }
  } finally {
    await stage.close();
  }
}

/** Nobody answers, and there is more in the log than any memory holds. */
async function hanging(kind: 'large events' | 'events behind'): Promise<Figure> {
  const stage = await setBenchStage();
  const ports = await stage.freePorts(HANGING);
  const settings: HangingSettings = { mode: 'no-response', ports };
  const peer = startPeer(join(import.meta.dirname, 'peers/hanging.ts'), settings);
  try {
    await new Promise((resolve) => peer.process.once('message', resolve));
    await stage.addWebhooks(
      ports.map((port, index) => ({
        id: `wh_hanging_${index}`,
        url: `http://127.0.0.1:${port}/`,
        eventTypes: [`hanging.${index}`],
      })),
    );
    if (kind === 'large events') await fillLarge(stage);
    else
      await fill(
        stage,
        BEHIND,
        ports.map((_, index) => `hanging.${index}`),
        TOPIC.events,
      );
    await stage.start('retry-manager', 'dispatcher');
    const samples: number[] = [];
    for (const endMs = performance.now() + WATCH_MS; performance.now() < endMs; await sleep(SAMPLE_MS)) {
      samples.push(residentOf(stage, ['dispatcher'])['dispatcher'] as number);
    }
    const value = Math.max(...samples);
    return {
      ...megabytes(`memory dispatcher hanging, ${kind}`, value),
      target: '<= 400 MB',
      reached: value <= 400,
      note:
        kind === 'large events'
          ? `${LARGE_EVENTS} events of ${LARGE_BYTES / 1024} KiB; the most in ${WATCH_MS / 1_000} s`
          : `${BEHIND.toLocaleString('en')} events of 1 KiB behind; the most in ${WATCH_MS / 1_000} s`,
    };
  } finally {
    peer.process.kill('SIGKILL');
    await stage.close();
  }
}

/** Of what can't be compressed. */
async function fillLarge(stage: BenchStage): Promise<void> {
  for (let number = 0; number < LARGE_EVENTS; number++) {
    const text = randomBytes((LARGE_BYTES * 3) / 4).toString('base64');
    await stage.eventLog.append([
      encodeEvent({
        tenant: DEFAULT_TENANT,
        id: `large-${number}`,
        type: `hanging.${number % HANGING}`,
        source: 'bench',
        time: new Date().toISOString(),
        data: Buffer.from(`"${text}"`),
        contentType: 'application/json',
        acceptedAtMs: Date.now(),
      }),
    ]);
  }
}

function residentOf(stage: BenchStage, services: readonly ServiceName[]): Partial<Record<ServiceName, number>> {
  const resident: Partial<Record<ServiceName, number>> = {};
  for (const copy of stage.platform.copies) {
    const id = services.includes(copy.service) ? copy.pid() : undefined;
    if (id !== undefined) resident[copy.service] = residentMb(id);
  }
  return resident;
}

function megabytes(name: string, value: number, note?: string): Figure {
  const figure = { bench: 'memory', name, value, unit: 'MB', bare: null, ratio: null, cpuUs: null };
  return note === undefined ? figure : { ...figure, note };
}
