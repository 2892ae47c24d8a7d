import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@hookline/testkit';
import { printCounts, problemsOf, type Problem } from './print.ts';
import { DISPATCHERS, GAP_MS, shakeDispatchers } from './shake.ts';
import { setStage } from './stage.ts';

export interface RebalanceOptions {
  perSecond: number;
  /** How often some leave and come again. */
  rounds: number;
  seed: number;
}

const WEBHOOKS = 20;
/** The slow receivers hold back the committed offset of every partition: without the map of what is done above it, all of that time would be sent again. */
const SLOW_MS = 2_500;
/** What was done since the last commit: its interval, and what a busy machine makes of it. */
const UNCOMMITTED_MS = 300;

/** One dispatcher under load; others join, are told to go and are killed with -9. Nothing may be missing, and little more may arrive twice than was in flight. */
export async function runRebalance({ perSecond, rounds, seed }: RebalanceOptions): Promise<Set<Problem>> {
  const random = createRandom(seed);
  console.log(
    `rebalance: 1 to ${DISPATCHERS} dispatchers at ${perSecond} events/s, one of ${WEBHOOKS} receivers slow, one failing, seed ${seed}`,
  );
  const stage = await setStage({
    brokers: 1,
    webhooks: WEBHOOKS,
    failing: 1,
    refusals: 1,
    slow: { webhooks: 1, delayMs: SLOW_MS },
    receiverDelayMs: 50,
    copies: { dispatcher: DISPATCHERS },
    startedLater: (service, copy) => service === 'dispatcher' && copy > 0,
  });
  let bound = 0;
  try {
    const dispatchers = stage.platform.copies.filter(({ service }) => service === 'dispatcher');
    const sender = stage.send(perSecond);
    await sleep(GAP_MS);
    await shakeDispatchers(dispatchers, rounds, random, async (what) => {
      const { open, duplicates } = await stage.receiver.report();
      // Of a partition that moves, what its former owner has in flight; of a killed one, also what it had done and not committed.
      bound += Math.round(open + (perSecond * UNCOMMITTED_MS) / 1_000);
      console.log(`  ${what.padEnd(24)} ${open} requests in flight, ${duplicates} duplicates so far`);
    });
    sender.tell('stop');
    await stage.settle();
    const result = stage.check();
    printCounts(result);
    console.log(`  at most ${bound} duplicates are in order`);
    const problems = problemsOf(result, (await stage.receiver.report()).forged);
    if (result.duplicates > bound) problems.add('resent');
    if (stage.sendersFailed()) problems.add('sender');
    return stage.verdict(problems);
  } finally {
    await stage.close();
  }
}
