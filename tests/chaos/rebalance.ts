import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceCopy } from '../../tools/platform/copy.ts';
import { createRandom, type Random } from './random.ts';
import { printCounts, problemsOf, type Problem } from './print.ts';
import { setStage } from './stage.ts';

export interface RebalanceOptions {
  perSecond: number;
  /** How often some leave and come again. */
  rounds: number;
  seed: number;
}

const WEBHOOKS = 20;
const DISPATCHERS = 4;
/** The slow receivers hold back the committed offset of every partition: without the map of what is done above it, all of that time would be sent again. */
const SLOW_MS = 2_500;
const GAP_MS = 3_000;
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

  async function change(what: string, step: () => Promise<unknown>): Promise<void> {
    const { open, duplicates } = await stage.receiver.report();
    // Of a partition that moves, what its former owner has in flight; of a killed one, also what it had done and not committed.
    bound += Math.round(open + (perSecond * UNCOMMITTED_MS) / 1_000);
    console.log(`  ${what.padEnd(24)} ${open} requests in flight, ${duplicates} duplicates so far`);
    await step();
    await sleep(GAP_MS);
  }

  try {
    const dispatchers = stage.platform.copies.filter(({ service }) => service === 'dispatcher');
    const sender = stage.send(perSecond);
    await sleep(GAP_MS);
    for (const copy of dispatchers.slice(1)) await change('one joins', () => copy.start());
    for (let round = 0; round < rounds; round++) await runRound(dispatchers, random, change);
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

/** One is killed, one leaves, two are killed at once; then all are there again. */
async function runRound(
  dispatchers: readonly ServiceCopy[],
  random: Random,
  change: (what: string, step: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const [first, second, third, fourth] = random.shuffle(dispatchers) as [
    ServiceCopy,
    ServiceCopy,
    ServiceCopy,
    ServiceCopy,
  ];
  await change('one killed', () => first.kill());
  await change('it comes again', () => first.start());
  await change('one told to go', () => second.stop());
  await change('two killed at once', () => Promise.all([third.kill(), fourth.kill()]));
  await change('three come at once', () => Promise.all([second.start(), third.start(), fourth.start()]));
}
