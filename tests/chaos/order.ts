import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@hookline/testkit';
import { printCounts, problemsOf, type Problem } from './print.ts';
import { compareOrder, readEvents } from './sequences.ts';
import { DISPATCHERS, GAP_MS, shakeDispatchers } from './shake.ts';
import { setStage } from './stage.ts';

export interface OrderOptions {
  perSecond: number;
  /** How often dispatchers leave and come again. */
  rounds: number;
  seed: number;
}

/** One has all that it gets in order, two order by the partition key, one is in no order. */
const ORDERS = ['webhook', 'partitionkey', 'partitionkey', null] as const;
const KEYS = 40;

/**
 * Deliveries in order, to receivers that fail at random (500s, answers after the sender has given up), by dispatchers that join, leave and are killed. Compares
 * the arrivals of each key with the log: nothing may arrive before everything ahead of it was taken.
 */
export async function runOrder({ perSecond, rounds, seed }: OrderOptions): Promise<Set<Problem>> {
  const random = createRandom(seed);
  console.log(
    `order: 1 to ${DISPATCHERS} dispatchers at ${perSecond} events/s, receivers that fail at random, seed ${seed}`,
  );
  const stage = await setStage({
    brokers: 1,
    webhooks: ORDERS.length,
    failing: 0,
    refusals: 0,
    orders: ORDERS,
    keys: KEYS,
    receiverDelayMs: 5,
    copies: { dispatcher: DISPATCHERS },
    startedLater: (service, copy) => service === 'dispatcher' && copy > 0,
    env: { DISPATCHER_HTTP_TIMEOUT: '1s', RETRY_MANAGER_INITIAL_DELAY: '100ms', RETRY_MANAGER_MAX_DELAY: '400ms' },
  });
  try {
    const dispatchers = stage.platform.copies.filter(({ service }) => service === 'dispatcher');
    const sender = stage.send(perSecond);
    await sleep(GAP_MS);
    await shakeDispatchers(dispatchers, rounds, random, async (what) => {
      const { open, arrived, duplicates } = await stage.receiver.report();
      console.log(`  ${what.padEnd(24)} ${open} requests in flight, ${arrived} taken, ${duplicates} duplicates so far`);
    });
    sender.tell('stop');
    await stage.settle();
    const result = stage.check();
    printCounts(result);
    const { sequences, requests, ahead, late } = compareOrder(
      await readEvents(stage.kafka.brokers),
      stage.receiverJournal,
    );
    console.log(
      `  ${requests} requests of ${sequences} sequences, ${ahead.length} of them too early, ${late} again after one behind it`,
    );
    for (const line of ahead.slice(0, 10)) console.log(`    ${line}`);
    const problems = problemsOf(result, (await stage.receiver.report()).forged);
    if (ahead.length > 0) problems.add('disorder');
    if (sequences < 2 * KEYS) problems.add('idle');
    if (stage.sendersFailed()) problems.add('sender');
    return stage.verdict(problems);
  } finally {
    await stage.close();
  }
}
