import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeRetry, packRetry, TOPIC } from '@hookline/contracts';
import { DEFAULT_TENANT, deliveryId, type Event } from '@hookline/domain';
import { createRedisRetrySchedule } from '@hookline/retry-schedule-redis';
import type { Claimed, Cursor, ScheduleChange } from '@hookline/retry-schedule';
import { startRedis, type RedisPart } from '@hookline/testkit';
import { billPerUnit, readCpu } from './cpu.ts';
import { fill } from './deliver.ts';
import { benchData, nowMs } from './events.ts';
import { atMostTimes, compare, percentile, type Figures, type Pair } from './figure.ts';
import { setBenchStage, SILENT, type BenchStage } from './stage.ts';

const PARTITIONS = 12;
const WEBHOOKS = 1_000;
const APPLY_AT_ONCE = 1_000;
const CLAIM_AT_ONCE = 500;
const PAIRS = 5;
const FEW = 10_000;
const MILLION = 1_000_000;
const LATENESS_PER_SECOND = 1_000;
const LATENESS_SECONDS = 20;
const STALLED_MS = 60_000;
const DEFERRED = 100_000;
const DEFERRED_WATCH_MS = 120_000;
/** Far more than any of this needs: what is measured is not the bound. */
const UNBOUNDED = { deliveries: 100_000_000, bytes: 1024 ** 4 };
const UNBOUNDED_ENV = {
  RETRY_MANAGER_MAX_WAITING_PER_WEBHOOK: '100000000',
  RETRY_MANAGER_MAX_WAITING_BYTES_PER_WEBHOOK: String(1024 ** 4),
  RETRY_MANAGER_MAX_WAITING_PER_TENANT: '100000000',
  RETRY_MANAGER_MAX_WAITING_BYTES_PER_TENANT: String(1024 ** 4),
};

/** Retries that wait: taking them, how late they come, building their index anew, and how often a deferred one goes round. */
export async function* benchRetry(): Figures {
  yield* onStage((stage) => claims(stage));
  yield* onStage((stage) => lateness(stage));
  yield* onStage((stage) => rebuild(stage));
  yield* onStage((stage) => deferred(stage));
}

async function* onStage(work: (stage: BenchStage) => Figures): Figures {
  const stage = await setBenchStage({ env: UNBOUNDED_ENV });
  try {
    yield* work(stage);
  } finally {
    await stage.close();
  }
}

function retry(number: number, dueAtMs: number) {
  const event: Event = {
    tenant: DEFAULT_TENANT,
    id: `retry-${number}`,
    type: 'retry.bench',
    source: 'bench',
    time: '2026-01-01T00:00:00Z',
    data: Buffer.from(benchData(300, nowMs())),
    contentType: 'application/json',
    acceptedAtMs: Date.now(),
  };
  const webhookId = `wh_retry_${number % WEBHOOKS}`;
  return encodeRetry({
    deliveryId: deliveryId(DEFAULT_TENANT, event.id, webhookId),
    webhookId,
    event,
    attempt: 2,
    dueAtMs: Math.floor(dueAtMs),
    firstAttemptAtMs: Date.now(),
    deferred: false,
  });
}

/** Straight on the store: what one due entry costs to claim while ever more wait, beside a store of its own in which few do. */
async function* claims(stage: BenchStage): Figures {
  const small = await startRedis();
  const [few, many] = await Promise.all([createIndex(small), createIndex(stage.redis)]);
  try {
    for (const [name, size, bound] of [
      ['retry claim 10k', FEW, null],
      ['retry claim 100k', 100_000, null],
      ['retry claim 1M', MILLION, 1.3],
    ] as const) {
      const pairs: Pair[] = [];
      let redisUs = 0;
      for (let pair = 0; pair < PAIRS; pair++) {
        const bare = await few.claimUs(FEW);
        const of = await many.claimUs(size);
        pairs.push({ bare: bare.wall, value: of.wall });
        redisUs += of.redis / PAIRS;
      }
      const { value, bare, ratio } = compare(pairs);
      yield {
        bench: 'retry',
        name,
        value,
        unit: 'µs/entry',
        bare,
        ratio,
        cpuUs: redisUs,
        ...(bound === null ? {} : atMostTimes(bound, ratio)),
        note: `Redis ${redisUs.toFixed(1)} µs CPU an entry; bare: ${FEW.toLocaleString('en')} wait`,
      };
    }
  } finally {
    await Promise.all([few.close(), many.close()]);
    await small.stop();
  }
}

/** An index of retries that are all due. */
async function createIndex(redis: RedisPart) {
  const schedule = createRedisRetrySchedule({
    url: redis.url,
    partitions: PARTITIONS,
    bounds: { webhook: UNBOUNDED, tenant: UNBOUNDED },
    log: SILENT,
  });
  const cursors: Cursor[] = Array.from({ length: PARTITIONS }, () => ({ incarnation: 'bench', offset: 0 }));
  for (const [partition, cursor] of cursors.entries()) await schedule.reset(partition, cursor, Date.now());
  let made = 0;
  let waiting = 0;

  async function apply(partition: number, changes: (offset: number) => ScheduleChange[]): Promise<void> {
    const cursor = cursors[partition] as Cursor;
    const all = changes(cursor.offset);
    const next = { ...cursor, offset: cursor.offset + all.length };
    const answer = await schedule.apply(partition, cursor, all, next.offset, Date.now());
    if (answer.kind !== 'ok') throw new Error(`the index was not changed: ${answer.kind}`);
    cursors[partition] = next;
  }

  async function fillTo(total: number): Promise<void> {
    for (let partition = 0; waiting < total; partition = (partition + 1) % PARTITIONS) {
      const count = Math.min(APPLY_AT_ONCE, total - waiting, Math.ceil(total / PARTITIONS));
      await apply(partition, (first) =>
        Array.from({ length: count }, (_, index): ScheduleChange => {
          const record = retry(made + index, Date.now() - 1_000);
          return {
            kind: 'wait',
            deliveryId: record.key as string,
            webhookId: record.headers['hl_webhook'] as string,
            tenant: DEFAULT_TENANT,
            offset: first + index,
            attempt: 2,
            dueAtMs: Date.now() - 1_000,
            entry: packRetry({ ...record, key: record.key as string, partition, offset: 0, timestampMs: 0 }),
          };
        }),
      );
      made += count;
      waiting += count;
    }
  }

  return {
    /** Per entry, while so many wait. What was claimed is settled afterwards. */
    async claimUs(total: number): Promise<{ wall: number; redis: number }> {
      await fillTo(total);
      const watched = { redis: [redis.pid] };
      const before = readCpu(watched);
      const startedAtMs = performance.now();
      const claimed: Claimed[][] = [];
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const answer = await schedule.claim(partition, cursors[partition] as Cursor, {
          nowMs: Date.now(),
          limit: CLAIM_AT_ONCE,
          perWebhook: CLAIM_AT_ONCE / 5,
          maxBytes: 64 * 1024 * 1024,
          claimMs: 3_600_000,
        });
        if (answer.kind !== 'ok') throw new Error('the index is not the one that was filled');
        claimed.push(answer.value.entries);
      }
      const us = (performance.now() - startedAtMs) * 1_000;
      const redisUs = (readCpu(watched)['redis']! - before['redis']!) * 1_000;
      const count = claimed.reduce((sum, entries) => sum + entries.length, 0);
      for (const [partition, entries] of claimed.entries()) {
        await apply(partition, (first) =>
          entries.map(({ deliveryId }, index) => ({ kind: 'settled', deliveryId, offset: first + index })),
        );
      }
      waiting -= count;
      return { wall: us / count, redis: redisUs / count };
    },
    close: () => schedule.close(),
  };
}

async function append(
  stage: BenchStage,
  count: number,
  record: (index: number) => ReturnType<typeof retry>,
): Promise<void> {
  const calls: Promise<unknown>[] = [];
  for (let from = 0; from < count; from += APPLY_AT_ONCE) {
    const records = Array.from({ length: Math.min(APPLY_AT_ONCE, count - from) }, (_, index) => record(from + index));
    calls.push(stage.eventLog.append(records, { deadlineMs: 120_000 }));
    if (calls.length >= 10) await Promise.all(calls.splice(0));
  }
  await Promise.all(calls);
}

async function* lateness(stage: BenchStage): Figures {
  await stage.start('retry-manager');
  const total = LATENESS_PER_SECOND * LATENESS_SECONDS;
  const firstDueAtMs = Date.now() + 15_000;
  const late: number[] = [];
  await stage.eventLog.follow({
    topic: TOPIC.deliveries,
    received: async (records) => {
      for (const { timestampMs, headers } of records) late.push(timestampMs - Number(headers['hl_due']));
    },
    onFailure: (error) => console.error(error.message),
  });
  const watched = stage.watched('retry-manager');
  const before = readCpu(watched);
  await append(stage, total, (index) => retry(index, firstDueAtMs + (index / LATENESS_PER_SECOND) * 1_000));
  const giveUpAtMs = firstDueAtMs + LATENESS_SECONDS * 1_000 + 60_000;
  while (late.length < total && Date.now() < giveUpAtMs) await sleep(200);
  if (late.length < total) throw new Error(`${late.length} of ${total} retries were handed over`);
  const bill = billPerUnit(before, readCpu(watched), total);
  const value = percentile(late, 0.99);
  yield {
    bench: 'retry',
    name: 'retry lateness 1000/s',
    value,
    unit: 'ms p99',
    bare: null,
    ratio: null,
    cpuUs: bill['retry-manager'] ?? null,
    processes: bill,
    target: '<= 500 ms',
    reached: value <= 500,
    note: `p50 ${percentile(late, 0.5).toFixed(0)} ms, most ${Math.max(...late).toFixed(0)} ms; CPU of taking one into the schedule and handing it over`,
  };
}

/** A million that are not due, and a few of every partition that are due when Redis has lost everything. */
async function* rebuild(stage: BenchStage): Figures {
  await append(stage, MILLION, (index) => retry(index, Date.now() + 24 * 3_600_000));
  await stage.start('retry-manager');
  await untilWaiting(stage, MILLION);
  await append(stage, PARTITIONS * 20, (index) => retry(MILLION + index, Date.now() + 20_000));
  await sleep(5_000);
  const seen = new Set<number>();
  await stage.eventLog.follow({
    topic: TOPIC.deliveries,
    received: async (records) => records.forEach(({ partition }) => seen.add(partition)),
    onFailure: (error) => console.error(error.message),
  });
  await sleep(10_000);
  const startedAtMs = performance.now();
  await flushAll(stage.redis.port);
  while (seen.size < PARTITIONS) {
    if (performance.now() - startedAtMs > 300_000)
      throw new Error(`claims resumed in ${seen.size} of ${PARTITIONS} partitions`);
    await sleep(100);
  }
  const value = (performance.now() - startedAtMs) / 1_000;
  yield {
    bench: 'retry',
    name: 'retry rebuild 1M',
    value,
    unit: 's',
    bare: null,
    ratio: null,
    cpuUs: null,
    target: '<= 60 s',
    reached: value <= 60,
  };
}

async function untilWaiting(stage: BenchStage, wanted: number): Promise<void> {
  let last = -1;
  let movedAtMs = performance.now();
  for (;;) {
    const text = await stage.metrics('retry-manager');
    const waiting = Number(/webhook_retry_queue_size\{[^}]*state="waiting"[^}]*\} (\S+)/.exec(text)?.[1] ?? 0);
    if (waiting >= wanted) return;
    if (waiting !== last) movedAtMs = performance.now();
    last = waiting;
    if (performance.now() - movedAtMs > STALLED_MS)
      throw new Error(`${waiting} of ${wanted} retries wait, and it stays so`);
    await sleep(1_000);
  }
}

async function flushAll(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('FLUSHALL\r\n'));
    socket.once('data', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}

/** A hundred thousand events to a webhook that takes ten a second: how often one of those that wait goes through Kafka. */
async function* deferred(stage: BenchStage): Figures {
  const [port] = (await stage.freePorts(1)) as [number];
  const receiver = await stage.startReceiver({ ports: [port] });
  await stage.addWebhooks([
    {
      id: 'wh_deferred',
      url: `http://127.0.0.1:${port}/`,
      eventTypes: ['deferred'],
      delivery: { rateLimit: { limit: 10, windowMs: 1_000 } },
    },
  ]);
  await fill(stage, DEFERRED, ['deferred'], TOPIC.events);
  await stage.start('retry-manager', 'dispatcher');
  const trips = new Map<string, number>();
  const through: number[] = [];
  await stage.eventLog.follow({
    topic: TOPIC.retries,
    received: async (records) => {
      for (const { key, value } of records) {
        if (key === null) continue;
        if (value !== null) trips.set(key, (trips.get(key) ?? 0) + 1);
        else if (trips.has(key)) through.push(trips.get(key) as number);
      }
    },
    onFailure: (error) => console.error(error.message),
  });
  await sleep(DEFERRED_WATCH_MS);
  const { received } = await receiver.report();
  // Most have to wait for hours: those that don't any more say how often it takes, and the others whether they circle.
  const ofThrough = average(through);
  const soFar = average([...trips.values()]);
  const value = Math.max(ofThrough, soFar);
  yield {
    bench: 'retry',
    name: 'retry deferred 100k into 10/s',
    value,
    unit: 'trips/delivery',
    bare: null,
    ratio: null,
    cpuUs: null,
    target: '<= 3',
    reached: value <= 3,
    note: `after ${DEFERRED_WATCH_MS / 1_000} s: ${received} delivered, of them ${through.length} after having waited, with ${ofThrough.toFixed(2)} trips; ${trips.size} had to wait, with ${soFar.toFixed(2)} trips so far`,
  };
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
