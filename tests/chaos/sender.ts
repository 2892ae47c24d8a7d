// A process of its own: publishes events at a rate, each until it is acknowledged, and journals `sent ID` and `acknowledged ID`.
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { openJournal } from './journal.ts';

export interface SenderSettings {
  url: string;
  token: string;
  journal: string;
  perSecond: number;
  /** Event types `chaos.0` to `chaos.<types - 1>`, in turn. */
  types: number;
  /** Each event has one of so many partition keys; 0: half of them have one. */
  keys: number;
  /** Number of the first event. */
  first: number;
}

export interface SenderReport {
  sent: number;
  acknowledged: number;
}

const settings = JSON.parse(process.argv[2] as string) as SenderSettings;
const journal = openJournal(settings.journal);
const agent = new Agent({ connections: 64, pipelining: 1, headersTimeout: 15_000, bodyTimeout: 15_000 });
const TICK_MS = 10;
const RETRY_MS = 200;
/** Past this many unanswered the sender waits: it is to load the platform, not to flood it. */
const MAX_OPEN = 3_000;
/** What could not be sent in time is caught up with, but not for ever. */
const MAX_DUE = 5_000;
/** A run that the platform does not survive ends all the same. */
const GIVE_UP_MS = 120_000;

const report: SenderReport = { sent: 0, acknowledged: 0 };
let open = 0;
let { perSecond } = settings;
let stopped = false;

async function publish(number: number): Promise<void> {
  const id = `e${number}`;
  const type = `chaos.${number % settings.types}`;
  // Without keys asked for, half of them go where their key leads, so that a request to the brokers carries records of many partitions.
  const { keys } = settings;
  const byChance = number % 2 === 0 ? undefined : `key-${number % 101}`;
  const partitionkey = keys > 0 ? `key-${Math.floor(number / settings.types) % keys}` : byChance;
  const body = JSON.stringify({ id, type, source: 'chaos', partitionkey, data: { number, text: 'x'.repeat(200) } });
  await journal.note(`sent ${id}`);
  report.sent++;
  const giveUpAtMs = Date.now() + GIVE_UP_MS;
  while (Date.now() < giveUpAtMs) {
    try {
      const answer = await request(settings.url, {
        method: 'POST',
        dispatcher: agent,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${settings.token}` },
        body,
      });
      await answer.body.dump();
      if (answer.statusCode === 202) {
        await journal.note(`acknowledged ${id}`);
        report.acknowledged++;
        return;
      }
      if (answer.statusCode < 500 && answer.statusCode !== 429) {
        throw new Error(`${settings.url} answered ${answer.statusCode} to a good event`);
      }
    } catch (error) {
      if (error instanceof Error && error.message.includes('to a good event')) throw error;
    }
    await sleep(RETRY_MS);
  }
}

async function run(): Promise<void> {
  let next = settings.first;
  let lastMs = performance.now();
  let due = 0;
  while (!stopped) {
    const nowMs = performance.now();
    due = Math.min(due + ((nowMs - lastMs) / 1000) * perSecond, MAX_DUE);
    lastMs = nowMs;
    for (; due >= 1 && open < MAX_OPEN && !stopped; due--) {
      open++;
      publish(next++)
        .catch((error: unknown) => {
          console.error(`sender: ${(error as Error).message}`);
          process.exitCode = 1;
        })
        .finally(() => open--);
    }
    await sleep(TICK_MS);
  }
  while (open > 0) await sleep(TICK_MS);
  await journal.close();
  await agent.close();
  process.send?.({ ...report, finished: true });
  process.disconnect?.();
}

process.on('message', (message) => {
  if (message === 'report') process.send?.(report);
  if (message === 'stop') stopped = true;
  if (typeof message === 'object' && message !== null && 'perSecond' in message) perSecond = Number(message.perSecond);
});
process.on('disconnect', () => {
  stopped = true;
});
await run();
