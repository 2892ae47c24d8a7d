import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICE_NAMES } from '../../tools/platform/services.ts';
import { printCounts } from './print.ts';
import { setStage } from './stage.ts';

export interface TerminateOptions {
  perSecond: number;
}

const WEBHOOKS = 20;
const GAP_MS = 3_000;
const GRACE_MS = 25_000;

/**
 * SIGTERM to each service under load, then started again. False if one takes longer than its grace period or does not exit with 0, if an acknowledged event
 * is missing, or if more arrived twice than requests were in flight when the dispatcher was told to stop.
 */
export async function runTerminate({ perSecond }: TerminateOptions): Promise<boolean> {
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
    if (inFlight === 0) console.log('  nothing was in flight at the dispatcher: that proves nothing');
    return inTime && inFlight > 0 && result.missingCount === 0 && result.duplicates <= inFlight;
  } finally {
    await stage.close();
  }
}
