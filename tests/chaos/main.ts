// npm run chaos -- kill | failover | rebalance | order | rebuild | terminate | observability | sabotage [options]: breaks the platform under load and counts what arrives.
import { parseArgs } from 'node:util';
import { SABOTAGES, type Sabotage } from '@hookline/service-kit';
import { runFailover } from './failover.ts';
import { KILL_TARGETS, runKill, type KillTarget } from './kill.ts';
import { runObservability } from './observability.ts';
import { runOrder } from './order.ts';
import type { Problem } from './print.ts';
import { runRebalance } from './rebalance.ts';
import { runRebuild } from './rebuild.ts';
import { runTerminate } from './terminate.ts';

const USAGE = `npm run chaos -- SCENARIO [options]
  kill       each service, Redis and Kafka killed with -9, and FLUSHALL, under load
             --target=${KILL_TARGETS.join('|')} (all), --kills=3, --rate=500, --events=20000
  failover   three brokers, leaders killed with -9 under load: --kills=3, --rate=300
  rebalance  dispatchers that join, leave and are killed with -9 under load, one to four of them: --rounds=2, --rate=400
  order      the same, with webhooks that have their deliveries in order and fail at random: --rounds=2, --rate=100
  rebuild    the retry index flushed after everything was settled: --events=3000, --rate=300
  terminate  SIGTERM to each service under load: --rate=500
  observability  killed with -9 under load, away, and back; its log must be complete: --away=60 (seconds), --rate=500
  sabotage   switches off one guarantee at a time; each must be noticed: --only=NAME
  --seed=N   repeats a run (kill, failover, rebalance, order)`;

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        target: { type: 'string', multiple: true },
        kills: { type: 'string' },
        rounds: { type: 'string' },
        rate: { type: 'string' },
        events: { type: 'string' },
        away: { type: 'string' },
        seed: { type: 'string' },
        only: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return fail((error as Error).message);
  }
}

const { values, positionals } = readArguments();
if (values.help === true) {
  console.log(USAGE);
  process.exit(0);
}

function number(name: 'kills' | 'rounds' | 'rate' | 'events' | 'away' | 'seed', byDefault: number): number {
  const text = values[name];
  if (text === undefined) return byDefault;
  if (!/^\d{1,9}$/.test(text)) fail(`--${name}=${text}: must be a whole number`);
  return Number(text);
}

function fail(message: string): never {
  console.error(`hookline chaos: ${message}\n${USAGE}`);
  process.exit(2);
}

function targets(): readonly KillTarget[] {
  const named = values.target ?? [];
  for (const target of named) {
    if (!(KILL_TARGETS as readonly string[]).includes(target)) fail(`--target=${target} is not known`);
  }
  return named.length === 0 ? KILL_TARGETS : (named as KillTarget[]);
}

const seed = () => number('seed', Math.floor(Math.random() * 1e9));

/** So many that a partition's part of the topic is read in several batches: between them an index has not caught up. */
const REBUILD = { perSecond: 600, events: 20_000 };

/** A guarantee only matters in the moment that a kill happens to hit, which not every run does. */
const SABOTAGE_TRIES = 6;

/** Each guarantee switched off, in the run that checks it, which must come out red for just that. */
const SABOTAGE_RUNS: Record<Sabotage, { causes: Problem; run: (seed: number) => Promise<Set<Problem>> }> = {
  'commit-early': {
    causes: 'missing',
    run: (seed) =>
      runKill({
        targets: ['dispatcher'],
        kills: 3,
        perSecond: 500,
        events: 4_000,
        seed,
        receiverDelayMs: 400,
        sabotage: 'commit-early',
      }),
  },
  'skip-metadata-check': {
    causes: 'missing',
    run: (seed) => runFailover({ perSecond: 300, kills: 3, seed, sabotage: 'skip-metadata-check' }),
  },
  'claim-before-caught-up': {
    causes: 'resent',
    run: () => runRebuild({ ...REBUILD, sabotage: 'claim-before-caught-up' }),
  },
  'count-on-redis': {
    causes: 'missing',
    run: (seed) =>
      runKill({ targets: ['flushall'], kills: 1, perSecond: 500, events: 4_000, seed, sabotage: 'count-on-redis' }),
  },
};

async function runSabotages(): Promise<boolean> {
  const only = values.only;
  const chosen = SABOTAGES.filter((name) => only === undefined || name === only);
  if (chosen.length === 0) fail(`--only=${only}: is not one of ${SABOTAGES.join(', ')}`);
  let allNoticed = true;
  for (const name of chosen) {
    const { causes, run: runSabotaged } = SABOTAGE_RUNS[name];
    let noticed = false;
    for (let seed = 1; seed <= SABOTAGE_TRIES && !noticed; seed++) noticed = (await runSabotaged(seed)).has(causes);
    console.log(noticed ? `noticed, as it must be: ${name}` : `NOT NOTICED: ${name}`);
    if (!noticed) allNoticed = false;
  }
  return allNoticed;
}

async function isClean(problems: Promise<Set<Problem>>): Promise<boolean> {
  return (await problems).size === 0;
}

async function run(): Promise<boolean> {
  switch (positionals[0]) {
    case 'kill':
      return isClean(
        runKill({
          targets: targets(),
          kills: number('kills', 3),
          perSecond: number('rate', 500),
          events: number('events', 20_000),
          seed: seed(),
        }),
      );
    case 'failover':
      return isClean(runFailover({ perSecond: number('rate', 300), kills: number('kills', 3), seed: seed() }));
    case 'rebalance':
      return isClean(runRebalance({ perSecond: number('rate', 400), rounds: number('rounds', 2), seed: seed() }));
    case 'order':
      return isClean(runOrder({ perSecond: number('rate', 100), rounds: number('rounds', 2), seed: seed() }));
    case 'rebuild':
      return isClean(
        runRebuild({ perSecond: number('rate', REBUILD.perSecond), events: number('events', REBUILD.events) }),
      );
    case 'terminate':
      return isClean(runTerminate({ perSecond: number('rate', 500) }));
    case 'observability':
      return isClean(runObservability({ perSecond: number('rate', 500), awaySeconds: number('away', 60) }));
    case 'sabotage':
      return runSabotages();
    default:
      return fail(positionals[0] === undefined ? 'name a scenario' : `there is no scenario ${positionals[0]}`);
  }
}

const passed = await run();
console.log(passed ? 'passed' : 'FAILED');
process.exit(passed ? 0 : 1);
