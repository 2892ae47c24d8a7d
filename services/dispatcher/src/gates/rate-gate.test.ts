import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { systemClock } from '@hookline/domain';
import type { Taken } from '@hookline/limits';
import { createLog } from '@hookline/service-kit';
import type { GatedJob } from './gated.ts';
import { createRateGate } from './rate-gate.ts';

const RATE = { limit: 1_000, windowMs: 3_600_000 };
const USED_UP: Taken = { granted: 0, remaining: 0, retryAfterMs: 3_000_000 };

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
});

afterEach(() => {
  jest.useRealTimers();
});

test('what would wait for minutes for a window that is used up is put off until it is free', async () => {
  const { gate, submit, deferred, pass } = scene();
  submit('a');
  await pass(100);
  expect(deferred).toEqual(['a']);
  const nowMs = Date.now();
  expect([true, false].map((handedOver) => gate.isShut(jobOf('a', handedOver), RATE, nowMs))).toEqual([true, true]);
  const dueAtMs = await new Promise<number>((resolve) => {
    gate.reserve(jobOf('a'), RATE, resolve);
    void pass(100);
  });
  expect(dueAtMs - nowMs).toBeGreaterThan(2_990_000);
});

test('what could not be put off is not forgotten, however long it waits', async () => {
  const { submit, answer, sent, pass } = scene();
  submit('a');
  for (let minutes = 0; minutes < 30; minutes++) {
    await pass(60_000);
    submit(`another ${minutes}`);
  }
  answer({ granted: 1, remaining: 9, retryAfterMs: 0 });
  await pass(2_000_000);
  expect(sent).toContain('a');
});

function jobOf(webhookId: string, handedOver = true): GatedJob {
  return { webhookId, deliveryId: webhookId, handedOver };
}

/** A gate before an engine in small that only notes what it is to shed, and windows that take a while to answer. */
function scene() {
  const waiting = new Map<string, GatedJob>();
  const [sent, deferred]: [string[], string[]] = [[], []];
  let taken = USED_UP;

  function serve(webhookId: string): void {
    const job = waiting.get(webhookId);
    if (job === undefined || !gate.admits(job, RATE)) return;
    waiting.delete(webhookId);
    sent.push(webhookId);
  }

  const gate = createRateGate({
    rates: {
      async take(takes) {
        await later();
        return takes.map(() => taken);
      },
    },
    slots: {
      async reserve(reservations, nowMs) {
        await later();
        return reservations.map(({ fromMs }) => fromMs ?? nowMs);
      },
    },
    turnsIn: () => Infinity,
    engine: () => ({
      wake: serve,
      deferWaiting: (webhookId) => void deferred.push(webhookId),
      waitingFor: (webhookId) => (waiting.has(webhookId) ? 1 : 0),
      startable: () => 1,
    }),
    clock: systemClock,
    log: createLog('test', 'silent'),
    random: Math.random,
  });
  return {
    gate,
    sent,
    deferred,
    answer: (next: Taken) => void (taken = next),
    submit: (webhookId: string) => {
      waiting.set(webhookId, jobOf(webhookId));
      serve(webhookId);
    },
    pass: (ms: number) => jest.advanceTimersByTimeAsync(ms),
  };
}

function later(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
