import { setTimeout as sleep } from 'node:timers/promises';
import { encodeAttempt, GROUP, TOPIC, type OutgoingRecord } from '@hookline/contracts';
import { openDatabase, type Database } from '@hookline/database';
import { createId, DEFAULT_TENANT, deliveryId } from '@hookline/domain';
import { billPerUnit, readCpu, sum } from './cpu.ts';
import { benchEvent } from './events.ts';
import { atLeast, type Figures } from './figure.ts';
import { setBenchStage, type BenchStage } from './stage.ts';

const EVENTS = 60_000;
const WEBHOOKS = 100;
const APPEND_AT_ONCE = 500;
/** Of an event that succeeds at once: its own, and its delivery's with the attempt. */
const ROWS_PER_EVENT = 2;
const WARM_SHARE = 0.2;
const END_SHARE = 0.95;
const POLL_MS = 50;
const DEADLINE_MS = 120_000;
const BARE_ROWS = 60_000;
/** Of the second figure: batches are as small as they are while all is well. */
const STEADY_PER_SECOND = 4_000;
const STEADY_WARM_MS = 8_000;
const STEADY_MS = 15_000;
const TICK_MS = 20;

/**
 * Events and their successful attempts that are in Kafka already: what writing them to the log costs, beside the bare insert of as many rows; and what it costs
 * while they come.
 */
export async function* benchLog(): Figures {
  const stage = await setBenchStage({ env: { OBSERVABILITY_PAYLOADS: 'failed' } });
  const database = await openDatabase({ url: stage.postgres.url, poolSize: 1 });
  try {
    await fill(stage);
    await stage.start('observability');
    const watched = stage.watched('observability');
    const at = async (share: number) => {
      const records = await untilWritten(stage, 2 * EVENTS * share);
      return { records, ms: performance.now(), cpu: readCpu(watched) };
    };
    const from = await at(WARM_SHARE);
    const to = await at(END_SHARE);
    await untilWritten(stage, 2 * EVENTS);
    const steady = await writeSteadily(stage);
    await stage.stop('observability');
    const rows = ((to.records - from.records) / 2) * ROWS_PER_EVENT;
    const perSecond = (rows / (to.ms - from.ms)) * 1_000;
    const bill = billPerUnit(from.cpu, to.cpu, rows);
    const bare = await insertBare(stage, database);
    yield* [
      {
        bench: 'log',
        name: 'log: rows written from Kafka',
        value: perSecond,
        unit: 'rows/s',
        bare: bare.perSecond,
        ratio: perSecond / bare.perSecond,
        cpuUs: sum(bill, 'observability', 'postgres'),
        processes: bill,
        note: `bare insert: ${Object.entries(bare.bill)
          .map(([name, us]) => `${name} ${us.toFixed(1)}`)
          .join(', ')} µs per row`,
        ...atLeast(10_000, perSecond, 'rows/s'),
      },
      {
        bench: 'log',
        name: `log: CPU per event at ${STEADY_PER_SECOND}/s`,
        value: sum(steady, 'observability', 'postgres'),
        unit: 'µs/event',
        bare: null,
        ratio: null,
        cpuUs: sum(steady, 'observability', 'postgres'),
        processes: steady,
      },
    ];
  } finally {
    await database.close();
    await stage.close();
  }
}

async function fill(stage: BenchStage): Promise<void> {
  for (let from = 0; from < EVENTS; from += APPEND_AT_ONCE) {
    await stage.eventLog.append(eventsWithAttempts(APPEND_AT_ONCE, from));
  }
}

/** Resolves with the CPU per event while they come at a steady rate. */
async function writeSteadily(stage: BenchStage): Promise<Record<string, number>> {
  const watched = stage.watched('observability');
  const startedAtMs = performance.now();
  let appended = 0;
  let from: { appended: number; cpu: Record<string, number> } | undefined;
  for (;;) {
    const ms = performance.now() - startedAtMs;
    if (from === undefined && ms >= STEADY_WARM_MS) from = { appended, cpu: readCpu(watched) };
    if (from !== undefined && ms >= STEADY_WARM_MS + STEADY_MS) {
      return billPerUnit(from.cpu, readCpu(watched), appended - from.appended);
    }
    const due = Math.floor((ms * STEADY_PER_SECOND) / 1_000) - appended;
    await stage.eventLog.append(eventsWithAttempts(due, appended));
    appended += due;
    await sleep(TICK_MS);
  }
}

function eventsWithAttempts(count: number, from: number): OutgoingRecord[] {
  const events = Array.from({ length: count }, () => benchEvent(createId('evt'), 'log.written'));
  const nowMs = Date.now();
  const attempts = events.map((event, n) => {
    const eventId = event.headers['ce_id'] as string;
    const webhookId = `wh_log_${(from + n) % WEBHOOKS}`;
    return encodeAttempt({
      id: createId('att'),
      tenant: DEFAULT_TENANT,
      deliveryId: deliveryId(DEFAULT_TENANT, eventId, webhookId),
      eventId,
      eventType: 'log.written',
      webhookId,
      acceptedAtMs: Number(event.headers['hl_accepted']),
      number: 1,
      trigger: 'automatic',
      url: 'http://127.0.0.1:3000/hook',
      state: 'succeeded',
      nextAttemptAtMs: null,
      deadReason: null,
      startedAtMs: nowMs,
      durationMs: 3,
      status: 200,
      failure: null,
      error: null,
      responseBody: null,
      retryAfterMs: null,
    });
  });
  return [...events, ...attempts];
}

/** Resolves with how many records have been committed, once that is as many as wanted. */
async function untilWritten({ eventLog }: BenchStage, wanted: number): Promise<number> {
  for (const deadlineMs = performance.now() + DEADLINE_MS; ;) {
    const committed = await Promise.all(
      [TOPIC.events, TOPIC.attempts].map((topic) => eventLog.committed(GROUP.observability, topic)),
    );
    const records = committed.flat().reduce<number>((total, offset) => total + (offset ?? 0), 0);
    if (records >= wanted) return records;
    if (performance.now() > deadlineMs) throw new Error(`only ${records} of ${wanted} records have been written`);
    await sleep(POLL_MS);
  }
}

/** The reference: a table with two indexes, nothing to decode, nothing to fold, no conflict to look for. */
async function insertBare(stage: BenchStage, database: Database) {
  await database.query(
    'CREATE TABLE bare (id text COLLATE "C" PRIMARY KEY, tenant text, webhook text, at timestamptz, state text, n integer)',
  );
  await database.query('CREATE INDEX ON bare (webhook, at)');
  const batches = Array.from({ length: BARE_ROWS / APPEND_AT_ONCE }, (_, batch) => [
    Array.from({ length: APPEND_AT_ONCE }, () => createId('att')),
    Array.from({ length: APPEND_AT_ONCE }, () => DEFAULT_TENANT),
    Array.from({ length: APPEND_AT_ONCE }, (_row, n) => `wh_log_${(batch + n) % WEBHOOKS}`),
    Array.from({ length: APPEND_AT_ONCE }, () => new Date().toISOString()),
    Array.from({ length: APPEND_AT_ONCE }, () => 'succeeded'),
    Array.from({ length: APPEND_AT_ONCE }, (_row, n) => n),
  ]);
  const watched = { bench: [process.pid], postgres: stage.watched()['postgres'] ?? [] };
  const [before, startedAtMs] = [readCpu(watched), performance.now()];
  for (const batch of batches) {
    await database.query(
      'INSERT INTO bare SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::integer[])',
      batch,
    );
  }
  const bill = billPerUnit(before, readCpu(watched), BARE_ROWS);
  return { bill, perSecond: (BARE_ROWS / (performance.now() - startedAtMs)) * 1_000 };
}
