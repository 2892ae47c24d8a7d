import { setTimeout as sleep } from 'node:timers/promises';
import type { Peer } from '../tests/peer.ts';
import { billPerUnit, readCpu, type Watched } from './cpu.ts';
import type { ReceiverReport } from './peers/receiver.ts';

/** What a run cost between its first fifth, when everything is warm, and its end. */
export interface SteadyRun {
  perSecond: number;
  /** CPU µs per delivery by process. */
  bill: Record<string, number>;
}

const POLL_MS = 20;
const WARM_SHARE = 0.2;
/** The last few wait for nothing but themselves. */
const END_SHARE = 0.97;
const STALLED_MS = 60_000;

/** Watches a receiver until `total` more deliveries have arrived. */
export async function measureSteady(
  receiver: Peer<ReceiverReport>,
  total: number,
  watched: Watched,
  arrivedBefore: number,
): Promise<SteadyRun> {
  const at = async (share: number) => {
    const wanted = arrivedBefore + Math.floor(total * share);
    await untilReceived(receiver, wanted);
    const { received } = await receiver.report();
    return { received, ms: performance.now(), cpu: readCpu(watched) };
  };
  const from = await at(WARM_SHARE);
  const to = await at(END_SHARE);
  const deliveries = to.received - from.received;
  await untilReceived(receiver, arrivedBefore + total);
  return {
    perSecond: (deliveries / (to.ms - from.ms)) * 1_000,
    bill: billPerUnit(from.cpu, to.cpu, deliveries),
  };
}

export async function untilReceived(receiver: Peer<ReceiverReport>, wanted: number): Promise<void> {
  let last = -1;
  let movedAtMs = performance.now();
  for (;;) {
    const { received } = await receiver.report();
    if (received >= wanted) return;
    if (received !== last) movedAtMs = performance.now();
    last = received;
    if (performance.now() - movedAtMs > STALLED_MS) {
      throw new Error(`nothing has arrived for ${STALLED_MS / 1_000} s: ${received} of ${wanted} deliveries`);
    }
    await sleep(POLL_MS);
  }
}
