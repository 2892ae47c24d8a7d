import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@hookline/testkit';
import { printCounts, problemsOf, type Problem } from './print.ts';
import { setStage } from './stage.ts';

export interface FailoverOptions {
  perSecond: number;
  kills: number;
  seed: number;
  sabotage?: string;
}

const WEBHOOKS = 10;
const WARM_UP_MS = 5_000;
const BETWEEN_MS = 6_000;
/** While a leader is killed so much is published that every request to the brokers carries records for all of them. */
const BURST_PER_SECOND = 4_000;
const BURST_MS = 700;

/** Three brokers, one after the other killed with -9 under load: each leads partitions. */
export async function runFailover({ perSecond, kills, seed, sabotage }: FailoverOptions): Promise<Set<Problem>> {
  const order = createRandom(seed).shuffle([0, 1, 2]);
  console.log(
    `failover: ${kills} leaders of 3 brokers killed at ${perSecond} events/s, seed ${seed}${sabotage === undefined ? '' : `, sabotage ${sabotage}`}`,
  );
  const stage = await setStage({
    brokers: 3,
    webhooks: WEBHOOKS,
    failing: 1,
    refusals: 1,
    receiverDelayMs: 20,
    ...(sabotage === undefined ? {} : { env: { HOOKLINE_SABOTAGE: sabotage } }),
  });
  try {
    const sender = stage.send(perSecond);
    await sleep(WARM_UP_MS);
    let idle = 0;
    for (let kill = 0; kill < kills; kill++) {
      const number = order[kill % order.length] as number;
      const node = stage.kafka.nodes[number];
      sender.tell({ perSecond: BURST_PER_SECOND });
      await sleep(BURST_MS);
      const [{ sent, acknowledged }, { arrived }] = await Promise.all([sender.report(), stage.receiver.report()]);
      console.log(
        `  broker ${number + 1} killed with ${sent - acknowledged} unacknowledged, ${acknowledged - arrived} on their way`,
      );
      if (sent === acknowledged) idle++;
      await node?.kill();
      sender.tell({ perSecond });
      await sleep(BETWEEN_MS);
      await node?.start();
      await sleep(BETWEEN_MS);
    }
    sender.tell('stop');
    await stage.settle();
    const result = stage.check();
    printCounts(result);
    const problems = problemsOf(result, (await stage.receiver.report()).forged);
    if (idle > 0) problems.add('idle');
    if (stage.sendersFailed()) problems.add('sender');
    return stage.verdict(problems);
  } finally {
    await stage.close();
  }
}
