import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createRandom } from '@hookline/testkit';
import type { ServiceCopy } from '../../tools/platform/copy.ts';
import { SERVICE_NAMES } from '../../tools/platform/services.ts';
import { printCounts, problemsOf, type Problem } from './print.ts';
import { setStage, type Stage } from './stage.ts';

export const KILL_TARGETS = [...SERVICE_NAMES, 'redis', 'kafka', 'flushall'] as const;
export type KillTarget = (typeof KILL_TARGETS)[number];

export interface KillOptions {
  targets: readonly KillTarget[];
  /** How often each is killed (flushall: done once). */
  kills: number;
  perSecond: number;
  /** At least so many events, however short the plan. */
  events: number;
  seed: number;
  /** How long a receiver takes to answer: what is in flight at a kill grows with it. */
  receiverDelayMs?: number;
  sabotage?: string;
}

const WEBHOOKS = 20;
const FAILING = 2;
const WARM_UP_MS = 4_000;
/** Between two kills: enough for what was killed to be back and under load. */
const GAP_MS = { least: 2_500, most: 6_000 };

/** Kills everything in turn under load. */
export async function runKill(options: KillOptions): Promise<Set<Problem>> {
  const random = createRandom(options.seed);
  const plan = random.shuffle(
    options.targets.flatMap((target) =>
      Array.from({ length: target === 'flushall' ? 1 : options.kills }, () => target),
    ),
  );
  console.log(
    `kill: ${plan.length} kills at ${options.perSecond} events/s, ${FAILING} of ${WEBHOOKS} receivers failing, seed ${options.seed}${options.sabotage === undefined ? '' : `, sabotage ${options.sabotage}`}`,
  );
  const stage = await setStage({
    brokers: 1,
    webhooks: WEBHOOKS,
    failing: FAILING,
    refusals: 2,
    receiverDelayMs: options.receiverDelayMs ?? 50,
    ...(options.sabotage === undefined ? {} : { env: { HOOKLINE_SABOTAGE: options.sabotage } }),
  });
  try {
    const sender = stage.send(options.perSecond);
    await sleep(WARM_UP_MS);
    let idle = 0;
    for (const target of plan) {
      await sleep(GAP_MS.least + random.next() * (GAP_MS.most - GAP_MS.least));
      const [{ sent, acknowledged }, { arrived, waiting }] = await Promise.all([
        sender.report(),
        stage.receiver.report(),
      ]);
      const inFlight = sent - arrived - waiting;
      console.log(
        `  ${target.padEnd(14)} killed with ${inFlight} in flight, ${waiting} waiting (${acknowledged} acknowledged so far)`,
      );
      if (inFlight <= 0 || waiting <= 0) idle++;
      await strike(stage, target);
    }
    while ((await sender.report()).sent < options.events) await sleep(200);
    await sleep(1_000);
    sender.tell('stop');
    await stage.settle();
    const result = stage.check();
    printCounts(result);
    const { forged } = await stage.receiver.report();
    const problems = problemsOf(result, forged, options.events);
    if (idle > 0) problems.add('idle');
    if (stage.sendersFailed()) problems.add('sender');
    return stage.verdict(problems);
  } finally {
    await stage.close();
  }
}

async function strike(stage: Stage, target: KillTarget): Promise<void> {
  switch (target) {
    case 'redis':
      await stage.redis.kill();
      await stage.redis.start();
      return;
    case 'kafka': {
      const [node] = stage.kafka.nodes;
      await node?.kill();
      await node?.start();
      return;
    }
    case 'flushall': {
      const redis = new Redis(stage.redis.url);
      await redis.flushall();
      redis.disconnect();
      return;
    }
    default:
      for (const copy of stage.platform.copies.filter(({ service }) => service === target)) {
        await copy.kill();
        await startAgain(copy);
      }
  }
}

const STARTS = 3;

/** As whoever supervises a service does: one that ends in the middle of its start is started again. Each end is printed, with what it said last. */
async function startAgain(copy: ServiceCopy): Promise<void> {
  for (let start = 1; ; start++) {
    try {
      await copy.start();
      return;
    } catch (error) {
      if (start === STARTS) throw error;
    }
  }
}
