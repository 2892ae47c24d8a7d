import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICE_NAMES } from '../../tools/platform/services.ts';
import { printCounts, problemsOf, type Problem } from './print.ts';
import { setStage } from './stage.ts';

export interface TerminateOptions {
  perSecond: number;
}

const WEBHOOKS = 20;
const GAP_MS = 3_000;
const GRACE_MS = 25_000;

/**
 * SIGTERM to each service under load, then started again: each must exit with 0 within its grace period, and no more may arrive twice than requests were
 * in flight when the dispatcher was told to stop.
 */
export async function runTerminate({ perSecond }: TerminateOptions): Promise<Set<Problem>> {
  console.log(`terminate: SIGTERM to each of ${SERVICE_NAMES.length} services at ${perSecond} events/s`);
  const stage = await setStage({ brokers: 1, webhooks: WEBHOOKS, failing: 2, refusals: 1, receiverDelayMs: 100 });
  try {
    const sender = stage.send(perSecond);
    await sleep(GAP_MS);
    let inTime = true;
    let inFlight = 0;
    for (const copy of stage.platform.copies) {
      await sleep(GAP_MS);
      const { open, duplicates } = await stage.receiver.report();
      if (copy.service === 'dispatcher') inFlight = open;
      const startedAtMs = performance.now();
      const code = await copy.stop();
      const tookMs = Math.round(performance.now() - startedAtMs);
      console.log(
        `  ${copy.service.padEnd(14)} exit code ${code} after ${tookMs} ms, ${open} requests in flight, ${duplicates} duplicates so far`,
      );
      if (code !== 0 || tookMs > GRACE_MS) inTime = false;
      await copy.start();
    }
    await sleep(GAP_MS);
    sender.tell('stop');
    await stage.settle();
    const result = stage.check();
    printCounts(result);
    const problems = problemsOf(result, (await stage.receiver.report()).forged);
    if (!inTime) problems.add('slow');
    if (inFlight === 0) problems.add('idle');
    if (result.duplicates > inFlight) problems.add('resent');
    return stage.verdict(problems);
  } finally {
    await stage.close();
  }
}
