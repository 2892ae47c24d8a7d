import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Database } from '@hookline/database';
import { readJournal } from './journal.ts';
import { printCounts, problemsOf, type Problem } from './print.ts';
import { setStage } from './stage.ts';

export interface ObservabilityOptions {
  perSecond: number;
  awaySeconds: number;
}

/** Rows of the log, or what there should be. */
interface Counts {
  events: number;
  deliveries: number;
  succeeded: number;
  attempts: number;
}

const WEBHOOKS = 20;
const BEFORE_MS = 5_000;
/** How long the log may take to be complete once everything has arrived. */
const CAUGHT_UP_WITHIN_MS = 120_000;

/** Observability killed with -9 under load, away, and started again: the log must have every event, delivery and attempt in the end, each once. */
export async function runObservability({ perSecond, awaySeconds }: ObservabilityOptions): Promise<Set<Problem>> {
  console.log(`observability: away for ${awaySeconds} s at ${perSecond} events/s`);
  const stage = await setStage({ brokers: 1, webhooks: WEBHOOKS, failing: 4, refusals: 1, receiverDelayMs: 5 });
  const database = await openDatabase({ url: stage.postgres.url });
  try {
    const sender = stage.send(perSecond);
    await sleep(BEFORE_MS);
    const away = stage.platform.copies.filter(({ service }) => service === 'observability');
    await Promise.all(away.map((copy) => copy.kill()));
    await sleep(awaySeconds * 1_000);
    const before = await countLog(database);
    await Promise.all(away.map((copy) => copy.start()));
    sender.tell('stop');
    await stage.settle();
    const result = stage.check();
    printCounts(result);
    const requests = readJournal(stage.receiverJournal).filter(([what]) => what === 'arrived').length;
    const { acknowledged, arrived } = result;
    const wanted: Counts = { events: acknowledged, deliveries: arrived, succeeded: arrived, attempts: requests };
    const startedAtMs = performance.now();
    const found = await untilComplete(database, wanted);
    console.log(`  log when it came back: ${shown(before)}`);
    console.log(`  log ${Math.round(performance.now() - startedAtMs)} ms after all had arrived: ${shown(found)}`);
    console.log(`  it should have:        ${shown(wanted)}`);
    const problems = problemsOf(result, (await stage.receiver.report()).forged);
    if (before.events >= wanted.events) problems.add('idle');
    if (shown(found) !== shown(wanted)) problems.add('incomplete');
    return stage.verdict(problems);
  } finally {
    await database.close();
    await stage.close();
  }
}

async function untilComplete(database: Database, wanted: Counts): Promise<Counts> {
  const giveUpAtMs = performance.now() + CAUGHT_UP_WITHIN_MS;
  for (;;) {
    const found = await countLog(database);
    if (shown(found) === shown(wanted) || performance.now() > giveUpAtMs) return found;
    await sleep(500);
  }
}

async function countLog(database: Database): Promise<Counts> {
  const { rows } = await database.query<Counts>(`
    WITH d AS (SELECT id, state FROM deliveries WHERE event_type LIKE 'chaos.%')
    SELECT (SELECT count(*) FROM events WHERE type LIKE 'chaos.%') AS events,
      (SELECT count(*) FROM d) AS deliveries,
      (SELECT count(*) FROM d WHERE state = 'succeeded') AS succeeded,
      (SELECT count(*) FROM every_attempt WHERE delivery_id IN (SELECT id FROM d)) AS attempts`);
  return rows[0]!;
}

function shown({ events, deliveries, succeeded, attempts }: Counts): string {
  return `${events} events, ${deliveries} deliveries (${succeeded} succeeded), ${attempts} attempts`;
}
