import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable, type Clock } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import type { RetrySchedule } from '@hookline/retry-schedule';
import type { Log } from '@hookline/service-kit';
import { handOverDue } from './hand-over.ts';
import { createHolds } from './holds.ts';
import type { RetryManagerMetrics } from './metrics.ts';
import type { PartitionIndex } from './partition-index.ts';
import type { Pauses } from './pauses.ts';
import { createPutBack } from './put-back.ts';

interface PartitionLoopOptions {
  partition: number;
  index: PartitionIndex;
  schedule: RetrySchedule;
  pauses: Pauses;
  eventLog: EventLog;
  clock: Clock;
  log: Log;
  metrics: RetryManagerMetrics;
  signal: AbortSignal;
  batchSize: number;
  claimMs: number;
}

/** Even where nothing is due: so soon is a flushed store noticed, and an expired claim taken again. */
const IDLE_MS = 1_000;
/** New retries may come to be due earlier than those known; nobody waits longer than this for them. */
const LOOK_MS = 100;
/** Nobody minds so much, and what falls due within it is handed over at once: a claim and an append each would be most of the cost. */
const GATHER_MS = 50;
const PUT_BACK_EVERY_MS = 5_000;
const AWAY_PAUSE_MS = 250;

/** Hands over what falls due in one partition until the signal says that it is not ours any more. */
export async function runPartitionLoop(options: PartitionLoopOptions): Promise<void> {
  const { partition, index, schedule, pauses, eventLog, clock, log, metrics, signal, batchSize, claimMs } = options;
  const holds = createHolds({ partition, index, schedule, pauses });
  const putBack = createPutBack({ partition, index, schedule, eventLog, clock });
  let lookAtMs = 0;
  let putBackAtMs = clock.now() + PUT_BACK_EVERY_MS;
  let appliedTo = -1;
  let pausesVersion = -1;

  async function turn(): Promise<void> {
    const now = clock.now();
    // Something was applied, or a webhook released, since the last look: it may be due at once.
    const changed = index.appliedTo() !== appliedTo || pauses.version() !== pausesVersion;
    if (now < lookAtMs && !changed) return;
    [appliedTo, pausesVersion] = [index.appliedTo(), pauses.version()];
    if (!(await holds.settle())) return;
    const handedOver = await handOverDue({ partition, index, schedule, eventLog, clock, limit: batchSize, claimMs });
    if (handedOver === null) return;
    const { due, excess, nextAtMs } = handedOver;
    metrics.handedOver.inc(due);
    metrics.backlogFull.inc(excess);
    lookAtMs = Math.min(nextAtMs ?? Infinity, clock.now() + IDLE_MS);
    // What is due goes first, but there may always be more of it.
    if (clock.now() < putBackAtMs) return;
    putBackAtMs = clock.now() + PUT_BACK_EVERY_MS;
    const count = await putBack.step();
    if (count === 0) return;
    metrics.putBack.inc(count);
    log.warn({ partition, count }, 'retries.put_back');
  }

  function pauseMs(): number {
    if (!index.isReady()) return LOOK_MS;
    const untilLookMs = lookAtMs - clock.now();
    // Due already: a claim did not hold all of it.
    return untilLookMs <= 0 ? 1 : Math.min(LOOK_MS, Math.max(GATHER_MS, untilLookMs));
  }

  while (!signal.aborted) {
    try {
      if (index.isReady()) await turn();
      await sleep(pauseMs(), undefined, { signal });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Unavailable)) throw error;
      log.warn({ partition, error: error.message }, 'retry_store.away');
      await sleep(AWAY_PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
