import type { OutgoingRecord } from '@hookline/contracts';
import { Unavailable } from '@hookline/domain';
import type { Deduplication } from '@hookline/limits';
import { createMemoryLimits } from '@hookline/limits-memory';
import { createLog, createMetrics } from '@hookline/service-kit';
import { createManualClock } from '@hookline/testkit';
import { beforeEach, expect, test } from '@jest/globals';
import { createDeduplicator } from '../deduplicate.ts';
import { createIngestionMetrics } from '../metrics.ts';
import { createWarner } from './warn.ts';

const DAY_MS = 86_400_000;
const log = createLog('ingestion', 'silent');

let clock: ReturnType<typeof createManualClock>;
let ids: Deduplication;
let appended: OutgoingRecord[];
let away: boolean;
beforeEach(() => {
  clock = createManualClock(DAY_MS * 20_000);
  const deduplication = { pendingMs: 10_000, windowMs: DAY_MS, maxKeys: 1_000 };
  ids = createMemoryLimits({ deduplication }).deduplication;
  [appended, away] = [[], false];
});

/** One of several copies: they share the ids and the log. */
function copy() {
  const metrics = createIngestionMetrics(createMetrics('ingestion'), () => 0);
  return createWarner({
    deduplicator: createDeduplicator({ deduplication: ids, clock, log, metrics }),
    appender: {
      async append(records) {
        if (away) throw new Unavailable('away');
        appended.push(...records);
      },
    },
    warnPercent: 80,
    clock,
    log,
    metrics,
  });
}

/** What was told after so much was used of 100. */
async function toldAfter(warner: ReturnType<typeof copy>, ...used: number[]): Promise<number[]> {
  appended.length = 0;
  for (const each of used) warner.consider('acme', 'events_per_day', each, 100);
  await warner.settled();
  return appended.map(({ value }) => (JSON.parse(String(value)) as { percent: number }).percent);
}

test('a tenant is told of each percentage once a day', async () => {
  const warner = copy();
  expect(await toldAfter(warner, 1, 79)).toEqual([]);
  expect(await toldAfter(warner, 80, 81, 99)).toEqual([80]);
  expect(await toldAfter(warner, 100, 100)).toEqual([100]);
  await clock.advance(DAY_MS);
  expect(await toldAfter(warner, 100)).toEqual([100]);
});

test('by one copy of several, by the same id', async () => {
  const [one, other] = [copy(), copy()];
  expect(await toldAfter(one, 85)).toEqual([80]);
  expect(await toldAfter(other, 86)).toEqual([]);
});

test('again where the log was away, since nobody was told then', async () => {
  const warner = copy();
  away = true;
  expect(await toldAfter(warner, 85)).toEqual([]);
  away = false;
  expect(await toldAfter(warner, 86)).toEqual([80]);
  expect(await toldAfter(warner, 87)).toEqual([]);
});

test('perhaps by several while the store of ids is away: it is the same event', async () => {
  ids = { ...ids, claim: () => Promise.reject(new Unavailable('away')) };
  const sent: (string | undefined)[] = [];
  for (const warner of [copy(), copy()]) {
    expect(await toldAfter(warner, 85)).toEqual([80]);
    sent.push(appended[0]?.headers['ce_id']);
  }
  expect(sent[0]).toMatch(/^evt_/);
  expect(sent[1]).toBe(sent[0]);
});

test.each(['there', 'away'])(
  'once a day of each, however much it goes up and down: the store of ids is %s',
  async (is) => {
    const there = ids;
    let claims = 0;
    ids = {
      ...there,
      claim(...asked) {
        claims++;
        return is === 'there' ? there.claim(...asked) : Promise.reject(new Unavailable('away'));
      },
    };
    const warner = copy();
    const told = await toldAfter(warner, 85, 100, 10, 90, 120);
    expect(told).toEqual([80, 100]);
    const asked = claims;
    for (let round = 0; round < 3; round++) expect(await toldAfter(warner, 85, 100, 10, 90, 120)).toEqual([]);
    expect(claims).toBe(asked);
    await clock.advance(DAY_MS);
    expect(await toldAfter(warner, 100, 85, 100, 85)).toEqual([100, 80]);
  },
);
