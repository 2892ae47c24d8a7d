import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { printCounts, problemsOf, type Problem } from './print.ts';
import { setStage } from './stage.ts';

export interface RebuildOptions {
  perSecond: number;
  events: number;
  sabotage?: string;
}

const WEBHOOKS = 4;

/**
 * Everything was refused once and taken then, so that `webhook.retries` is full of settled retries. Then the index is flushed, and the dispatchers, which remember
 * what they settled lately, are started anew. Nothing may be sent again.
 */
export async function runRebuild({ perSecond, events, sabotage }: RebuildOptions): Promise<Set<Problem>> {
  console.log(
    `rebuild: ${events} events refused once, then FLUSHALL${sabotage === undefined ? '' : `, sabotage ${sabotage}`}`,
  );
  const stage = await setStage({
    brokers: 1,
    webhooks: WEBHOOKS,
    failing: WEBHOOKS,
    refusals: 1,
    receiverDelayMs: 1,
    env: sabotage === undefined ? {} : { HOOKLINE_SABOTAGE: sabotage },
  });
  try {
    const sender = stage.send(perSecond);
    while ((await sender.report()).sent < events) await sleep(100);
    sender.tell('stop');
    await stage.settle();
    // The last tombstones are on their way.
    await sleep(2_000);
    const before = await stage.receiver.report();
    for (const copy of stage.platform.copies.filter(({ service }) => service === 'dispatcher')) {
      await copy.stop();
      await copy.start();
    }
    const redis = new Redis(stage.redis.url);
    await redis.flushall();
    redis.disconnect();
    await sleep(10_000);
    const after = await stage.receiver.report();
    const result = stage.check();
    printCounts(result);
    console.log(`  ${after.duplicates - before.duplicates} settled deliveries were sent again by the rebuilt index`);
    const problems = problemsOf(result, after.forged, events);
    if (after.duplicates > before.duplicates) problems.add('resent');
    return stage.verdict(problems);
  } finally {
    await stage.close();
  }
}
