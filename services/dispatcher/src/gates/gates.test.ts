import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createEngine, type Job } from '@hookline/delivery';
import {
  BREAKER_POLICY,
  systemClock,
  type AttemptResult,
  type DeferReason,
  type DeliverySettings,
  type Trigger,
} from '@hookline/domain';
import { createMemoryLimits } from '@hookline/limits-memory';
import { createLog } from '@hookline/service-kit';
import { createGates } from './gates.ts';

const log = createLog('test', 'silent');

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('a webhook with a rate limit', () => {
  test('never gets more, loses nothing, and nothing of its backlog circles', async () => {
    const { submit, sent, trips, pass } = scene({
      dispatchers: 2,
      settings: { rateLimit: { limit: 10, windowMs: 1_000 } },
    });
    for (let event = 0; event < 2_000; event++) submit('a');
    await pass(230_000);
    expect(new Set(sent.map(({ deliveryId }) => deliveryId)).size).toBe(2_000);
    expect(sent).toHaveLength(2_000);
    expect(mostWithin(1_000, sent)).toBeLessThanOrEqual(10);
    expect(trips.rate_limited).toBeGreaterThan(1_700);
    expect(average(sent.map(({ trips: each }) => each))).toBeLessThan(1.1);
  });

  test('gives way to nobody who comes later', async () => {
    const { submit, sent, pass } = scene({ dispatchers: 2, settings: { rateLimit: { limit: 10, windowMs: 1_000 } } });
    for (let event = 0; event < 500; event++) submit('a');
    await pass(10_000);
    for (let second = 0; second < 30; second++) {
      for (let event = 0; event < 5; event++) submit('a');
      await pass(1_000);
    }
    await pass(60_000);
    expect(sent).toHaveLength(650);
    expect(Math.max(...sent.map(({ trips }) => trips))).toBeLessThanOrEqual(2);
    expect(average(sent.map(({ trips }) => trips))).toBeLessThan(1.1);
    const early = sent.slice(0, 400).filter(({ number }) => number < 500);
    expect(early.length).toBeGreaterThan(390);
  });

  test('gets a burst that fits into its window at once', async () => {
    const { submit, sent, trips, pass } = scene({ settings: { rateLimit: { limit: 100, windowMs: 60_000 } } });
    for (let event = 0; event < 100; event++) submit('a');
    await pass(1_000);
    expect([sent.length, trips.rate_limited]).toEqual([100, 0]);
  });

  test('gets its requests although its receiver’s pace is slow, and uses up none of them in vain', async () => {
    const { submit, sent, pass, answers } = scene({
      settings: { rateLimit: { limit: 10, windowMs: 60_000 } },
      answerMs: 20,
    });
    answers.a = { ...FAILED, failure: 'throttled', status: 429 };
    submit('a');
    await pass(100);
    answers.a = OK;
    for (let event = 0; event < 8; event++) submit('a');
    await pass(12_000);
    expect(sent).toHaveLength(9);
  });

  test('holds up no other', async () => {
    const { submit, sent, pass } = scene({ settings: { rateLimit: { limit: 1, windowMs: 1_000 } }, limited: 'a' });
    for (let event = 0; event < 200; event++) {
      submit('a');
      submit('b');
    }
    await pass(1_000);
    expect(sent.filter(({ webhookId }) => webhookId === 'b')).toHaveLength(200);
  });
});

describe('a webhook that fails', () => {
  test('gets five requests, and then one at a time when its breaker’s time is over, over all dispatchers', async () => {
    const { submit, sent, trips, pass, answers, openBreakers } = scene({ dispatchers: 3 });
    answers.a = FAILED;
    for (let event = 0; event < 1_000; event++) {
      submit('a');
      await pass(5);
    }
    // What was under way when the others had not heard of it yet goes as well.
    const atFirst = sent.length;
    expect(atFirst).toBeGreaterThanOrEqual(5);
    expect(atFirst).toBeLessThan(3 * 5 + 5);
    expect(openBreakers()).toBeGreaterThan(0);
    await pass(20_000);
    expect(sent).toHaveLength(atFirst);
    // Open for 30 s, then for 60: the second probe is past 90 s.
    await pass(60_000);
    expect(sent).toHaveLength(atFirst + 1);
    await pass(40_000);
    expect(sent).toHaveLength(atFirst + 2);
    expect(trips.breaker_open).toBeGreaterThan(900);
    answers.a = OK;
    await pass(400_000);
    expect(new Set(sent.map(({ deliveryId }) => deliveryId)).size).toBe(1_000);
    expect(sent).toHaveLength(1_000);
    expect(sent.filter(({ ok }) => !ok)).toHaveLength(atFirst + 2);
    expect(average(sent.map((each) => each.trips))).toBeLessThan(4);
  });

  test('at once gets no more while it is not known yet whether its breaker opens', async () => {
    const { submit, sent, pass, answers, trips } = scene({ answerMs: 200 });
    answers.a = FAILED;
    for (let event = 0; event < 100; event++) submit('a');
    await pass(10_000);
    expect(sent.length).toBeLessThan(5 + 4);
    expect(trips.breaker_open).toBe(100 - sent.length);
  });

  test('a probe that hangs keeps the others waiting, and does not let them through', async () => {
    const { submit, sent, pass, answers } = scene({ dispatchers: 2 });
    answers.a = FAILED;
    for (let event = 0; event < 50; event++) submit('a');
    await pass(1_000);
    const before = sent.length;
    answers.a = HANGS;
    await pass(32_000);
    expect(sent).toHaveLength(before + 1);
    await pass(20_000);
    expect(sent).toHaveLength(before + 1);
  });

  test('succeeding in between, it is left alone, and costs the others nothing', async () => {
    const { submit, sent, pass, answers, trips, reports } = scene({});
    for (let event = 0; event < 100; event++) {
      submit('b');
      await pass(10);
    }
    expect(reports()).toBe(0);
    for (let event = 0; event < 100; event++) {
      answers.a = event % 3 === 0 ? FAILED : OK;
      submit('a');
      await pass(10);
    }
    expect(sent.filter(({ webhookId }) => webhookId === 'a')).toHaveLength(100);
    expect(trips.breaker_open).toBe(0);
    expect(reports()).toBeLessThan(30);
  });

  test('by a fault of our own is sent to on and on', async () => {
    const { submit, sent, trips, pass, answers, openBreakers } = scene({});
    answers.a = { ...FAILED, status: null, failure: 'resources' };
    for (let event = 0; event < 20; event++) {
      submit('a');
      await pass(10);
    }
    await pass(1_000);
    expect([sent.length, trips.breaker_open, openBreakers()]).toEqual([20, 0, 0]);
  });

  test('by hand one more attempt is made all the same', async () => {
    const { submit, sent, pass, answers } = scene({});
    answers.a = FAILED;
    for (let event = 0; event < 10; event++) submit('a');
    await pass(1_000);
    const before = sent.length;
    submit('a', 'manual');
    await pass(100);
    expect(sent).toHaveLength(before + 1);
  });
});

test('what is asked for by hand is the next, also where it had to leave with all that waited', async () => {
  const { submit, sent, pass, answers, trips } = scene({ answerMs: 200 });
  for (let event = 0; event < 40; event++) submit('a');
  await pass(1_000);
  const slow: AttemptResult = { ...HANGS, durationMs: 5_000 };
  let asked = 0;
  answers.a = () => (++asked <= 3 ? { ...slow, durationMs: 6_500 } : slow);
  for (let event = 0; event < 8; event++) submit('a');
  // Five have failed, three hang, and that is more than it may have at once by now.
  await pass(5_050);
  expect(sent).toHaveLength(48);
  submit('a', 'manual');
  await pass(1_000);
  expect([sent.length, trips]).toMatchObject([48, { breaker_open: 1, overflow: 0 }]);
  await pass(2_000);
  expect(sent.at(-1)).toMatchObject({ number: 48, trips: 1 });
});

describe('a receiver that says when to come again', () => {
  test('gets nothing until then: what waits for seconds waits here, what waits for longer elsewhere', async () => {
    const { submit, sent, pass, answers, trips } = scene({});
    answers.a = { ...FAILED, failure: 'throttled', status: 429, retryAfterMs: 3_000 };
    submit('a');
    await pass(100);
    answers.a = OK;
    for (let event = 0; event < 4; event++) submit('a');
    await pass(2_500);
    expect(sent).toHaveLength(1);
    submit('a', 'manual');
    await pass(50);
    // Somebody waits for it: ahead of the others, that wait on.
    expect(sent.map(({ number }) => number)).toEqual([0, 5]);
    await pass(20_000);
    expect([sent.length, trips.throttled]).toEqual([6, 0]);
    answers.a = { ...FAILED, failure: 'server_error', status: 503, retryAfterMs: 60_000 };
    submit('a');
    await pass(1_000);
    answers.a = OK;
    for (let event = 0; event < 10; event++) submit('a');
    await pass(58_000);
    expect([sent.length, trips.throttled]).toEqual([7, 10]);
    await pass(30_000);
    expect(sent).toHaveLength(17);
  });

  test('is sent to at the pace that it takes, and its backlog does not circle', async () => {
    const { submit, sent, pass, answers } = scene({});
    let granted: number[] = [];
    answers.a = () => {
      const nowMs = Date.now();
      granted = granted.filter((atMs) => atMs > nowMs - 1_000);
      if (granted.length >= 10) return { ...FAILED, failure: 'throttled', status: 429 };
      granted.push(nowMs);
      return OK;
    };
    for (let event = 0; event < 2_000; event++) submit('a');
    await pass(300_000);
    const [taken, refused] = [sent.filter(({ ok }) => ok), sent.filter(({ ok }) => !ok)];
    expect(taken.length).toBeGreaterThan(1_500);
    expect(refused.length).toBeLessThan(taken.length / 5);
    expect(average(sent.map(({ trips }) => trips))).toBeLessThan(2);
  });
});

const OK: AttemptResult = {
  startedAtMs: 0,
  durationMs: 5,
  status: 200,
  failure: null,
  error: null,
  responseBody: null,
  retryAfterMs: null,
};
const FAILED: AttemptResult = { ...OK, status: 500, failure: 'server_error' };
const HANGS: AttemptResult = { ...OK, durationMs: 30_000, status: null, failure: 'timeout' };

interface TestJob extends Job {
  number: number;
  trips: number;
  handedOver: boolean;
  trigger: Trigger;
}

interface Sent {
  webhookId: string;
  deliveryId: string;
  number: number;
  atMs: number;
  trips: number;
  ok: boolean;
}

/**
 * Dispatchers in small: engines behind gates, with limits that they share. What is put off comes back at its time to any of them; what fails is gone.
 */
function scene({
  dispatchers = 1,
  settings,
  limited,
  answerMs = 0,
}: {
  dispatchers?: number;
  settings?: DeliverySettings;
  limited?: string;
  /** How long the limits take to answer. */
  answerMs?: number;
}) {
  const limits = createMemoryLimits({
    breaker: BREAKER_POLICY,
    deduplication: { pendingMs: 1, windowMs: 1, maxKeys: 1 },
  });
  let reports = 0;
  const late = async () => {
    if (answerMs > 0) await new Promise((resolve) => setTimeout(resolve, answerMs));
  };
  const counted = {
    ...limits,
    rates: {
      async take(...args: Parameters<typeof limits.rates.take>) {
        await late();
        return limits.rates.take(...args);
      },
    },
    breakers: {
      ...limits.breakers,
      async report(...args: Parameters<typeof limits.breakers.report>) {
        reports++;
        await late();
        return limits.breakers.report(...args);
      },
    },
  };
  const answers: Record<string, AttemptResult | (() => AttemptResult)> = {};
  const sent: Sent[] = [];
  const trips: Record<DeferReason, number> = {
    scheduled: 0,
    paused: 0,
    breaker_open: 0,
    rate_limited: 0,
    throttled: 0,
    overflow: 0,
    proxy: 0,
    resources: 0,
    shutdown: 0,
    webhook_unreadable: 0,
  };
  let submitted = 0;

  const all = Array.from({ length: dispatchers }, () => {
    const gates = createGates({
      engine: () => engine,
      limits: counted,
      breaker: BREAKER_POLICY,
      settingsOf: (webhookId) => (limited === undefined || limited === webhookId ? settings : undefined),
      timeoutMs: 30_000,
      clock: systemClock,
      log,
    });
    const engine = createEngine<TestJob>({
      sender: {
        send({ path: webhookId }, settled) {
          const answer = answerOf(webhookId);
          sent.at(-1)!.ok = answer.failure === null;
          setTimeout(() => settled(answer), answer.durationMs);
          return { abort() {} };
        },
      },
      owner: {
        admits: (job) => gates.admits(job),
        maxInFlight: () => 64,
        prepare({ webhookId, deliveryId, number, trips: made }) {
          sent.push({ webhookId, deliveryId, number, atMs: Date.now(), trips: made, ok: false });
          return { origin: '', path: webhookId, headers: [], body: Buffer.alloc(0), timeoutMs: 1 };
        },
        attempted(job, result) {
          gates.ended(job, result);
          engine.settled(job);
        },
        shed(job, delayMs) {
          const putOff = (reason: DeferReason, dueAtMs: number) => {
            trips[reason]++;
            engine.settled(job);
            comeBack(job, dueAtMs);
          };
          if (!gates.putOff(job, putOff)) putOff('overflow', Date.now() + delayMs);
        },
        covered: () => false,
        repeated: () => {},
        broken(error) {
          throw error;
        },
      },
    });
    return { gates, engine };
  });

  function answerOf(webhookId: string): AttemptResult {
    const answer = answers[webhookId] ?? OK;
    return typeof answer === 'function' ? answer() : answer;
  }

  function comeBack(job: TestJob, dueAtMs: number): void {
    setTimeout(
      () => enter({ ...job, handedOver: true, trips: job.trips + 1 }),
      Math.max(0, dueAtMs - Date.now() + Math.random() * 200),
    );
  }

  function enter(job: TestJob): void {
    const { gates, engine } = all[Math.floor(Math.random() * all.length)]!;
    if (gates.isShut(job)) engine.defer(job);
    else engine.submit(job);
  }

  return {
    answers,
    sent,
    trips,
    reports: () => reports,
    openBreakers: () => Math.max(...all.map(({ gates }) => gates.openBreakers())),
    pass: (ms: number) => jest.advanceTimersByTimeAsync(ms),
    submit: (webhookId: string, trigger: Trigger = 'automatic') =>
      enter({
        webhookId,
        deliveryId: `delivery ${submitted}`,
        tenant: 'tenant',
        sizeBytes: 1,
        number: submitted++,
        trips: 0,
        handedOver: false,
        trigger,
        urgent: trigger === 'manual',
        lost: () => false,
      }),
  };
}

function mostWithin(windowMs: number, sent: Sent[]): number {
  const times = sent.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
  let most = 0;
  for (let from = 0, to = 0; to < times.length; to++) {
    while (times[to]! - times[from]! >= windowMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

function average(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
