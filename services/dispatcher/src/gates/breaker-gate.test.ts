import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { BREAKER_POLICY, systemClock, type BreakerState } from '@hookline/domain';
import type { Breakers } from '@hookline/limits';
import { createLog } from '@hookline/service-kit';
import { createBreakerGate } from './breaker-gate.ts';
import type { GatedJob } from './gated.ts';

const CLOSED: BreakerState = { kind: 'closed' };
const OPEN: BreakerState = { kind: 'open', untilMs: Infinity };

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('what waits for an answer of the breakers', () => {
  test.each([
    ['more than are asked for at once', 1_500],
    ['more than are remembered', 100_500],
  ])('is never forgotten: %s', async (_, webhooks) => {
    const { submit, sent, pass } = scene(() => CLOSED);
    for (let webhook = 0; webhook < webhooks; webhook++) submit(`webhook ${webhook}`);
    await pass(10_000);
    expect(sent).toHaveLength(webhooks);
  });

  test('is sent when another’s probe has ended, whenever it came', async () => {
    let state: BreakerState = { kind: 'half_open', probeUntilMs: Date.now() + 35_000 };
    const { gate, submit, sent, pass } = scene(() => state);
    gate.ended(jobOf('a', 'before'), 'server_error');
    await pass(5_000);
    submit('a');
    await pass(5_000);
    expect(sent).toEqual([]);
    state = CLOSED;
    await pass(2_000);
    expect(sent).toEqual(['a']);
  });

  test('is the probe where the one that was to be it was not sent', async () => {
    const { gate, sent, submit, pass, keep } = scene(halfOpen);
    gate.ended(jobOf('a', 'before'), 'server_error');
    await pass(1_000);
    keep(true);
    submit('a', 'first');
    submit('a', 'second');
    await pass(1_000);
    keep(false, 'first');
    await pass(2_000);
    expect(sent).toEqual(['a']);
  });

  test('is the next probe where nothing is heard of the first', async () => {
    const { gate, sent, submit, pass } = scene(halfOpen);
    gate.ended(jobOf('a', 'before'), 'server_error');
    await pass(1_000);
    submit('a', 'first');
    submit('a', 'second');
    await pass(9_000);
    expect(sent).toHaveLength(1);
    await pass(3_000);
    expect(sent).toHaveLength(2);
  });
});

describe('what waits when one has failed of which others may know more', () => {
  test.each([
    ['is sent once it is known that the breaker is closed', CLOSED, ['a']],
    ['is not sent where it is open elsewhere', OPEN, []],
  ])('%s', async (_, state, expected) => {
    const { gate, sent, submit, pass, fail } = scene(() => state);
    expect(gate.admits(NEW)).toBe(true);
    fail(1);
    expect(gate.admits(NEW)).toBe(false);
    submit('a');
    expect(sent).toEqual([]);
    await pass(50);
    expect(sent).toEqual(expected);
  });

  test('waits no more for those that fail within the next second', async () => {
    const { gate, pass, fail } = scene(() => CLOSED);
    fail(1);
    await pass(500);
    fail(1);
    expect(gate.admits(NEW)).toBe(true);
    await pass(2_000);
    fail(1);
    expect(gate.admits(NEW)).toBe(false);
  });

  test('goes again after a success', () => {
    const { gate, fail } = scene(() => CLOSED);
    fail(1);
    gate.ended(jobOf('a'), null);
    expect(gate.admits(NEW)).toBe(true);
  });
});

describe('what waits when so many have failed in a row that the breaker is about to open', () => {
  test.each([
    ['is sent once that is not so', CLOSED, ['a']],
    ['is not sent', OPEN, []],
  ])('%s', async (_, state, expected) => {
    let known: BreakerState = CLOSED;
    const { gate, sent, submit, pass, fail } = scene(() => known);
    fail(1);
    await pass(200);
    known = state;
    fail(BREAKER_POLICY.failuresInARow - 2);
    expect(gate.admits(NEW)).toBe(true);
    fail(1);
    expect(gate.admits(NEW)).toBe(false);
    submit('a');
    expect(sent).toEqual([]);
    await pass(2_000);
    expect(sent).toEqual(expected);
  });

  test('does not go by an answer from before the last of them', async () => {
    const { gate, pass, fail } = scene(() => CLOSED);
    fail(1);
    await pass(200);
    fail(2);
    // Told after 100 ms, answered after 120.
    await pass(110);
    fail(3);
    expect(gate.admits(NEW)).toBe(false);
    await pass(15);
    expect(gate.admits(NEW)).toBe(false);
    await pass(100);
    expect(gate.admits(NEW)).toBe(true);
  });

  test('goes again after a success', async () => {
    const { gate, fail } = scene(() => CLOSED);
    fail(BREAKER_POLICY.failuresInARow);
    gate.ended(jobOf('a'), null);
    expect(gate.admits(NEW)).toBe(true);
  });
});

function halfOpen(): BreakerState {
  return { kind: 'half_open', probeUntilMs: null };
}

const NEW = { webhookId: 'a', deliveryId: 'new', handedOver: false };

function jobOf(webhookId: string, deliveryId = webhookId): GatedJob {
  return { webhookId, deliveryId, handedOver: true };
}

/** A gate before an engine in small, and breakers that grant every probe and take a while to answer. */
function scene(stateOf: () => BreakerState) {
  const waiting = new Map<string, GatedJob[]>();
  const sent: string[] = [];
  let isKept = false;

  function serve(webhookId: string): void {
    const queue = waiting.get(webhookId) ?? [];
    while (queue.length > 0 && gate.admits(queue[0]!) && !isKept) {
      gate.passed(queue.shift()!);
      sent.push(webhookId);
    }
  }

  const breakers: Breakers = {
    async report(reports) {
      await later();
      return reports.map(stateOf);
    },
    async claimProbes(claims) {
      await later();
      return claims.map(({ untilMs }) => ({ granted: true, state: { kind: 'half_open', probeUntilMs: untilMs } }));
    },
  };
  const gate = createBreakerGate({
    breakers,
    policy: BREAKER_POLICY,
    probeMs: () => 10_000,
    engine: () => ({
      wake: serve,
      deferWaiting() {},
      waitingFor: (webhookId) => waiting.get(webhookId)?.length ?? 0,
      startable: () => 1,
    }),
    clock: systemClock,
    log: createLog('test', 'silent'),
    random: Math.random,
  });
  return {
    gate,
    sent,
    submit: (webhookId: string, deliveryId = webhookId) => {
      const queue = waiting.get(webhookId) ?? [];
      waiting.set(webhookId, queue);
      queue.push(jobOf(webhookId, deliveryId));
      if (queue.length === 1) serve(webhookId);
    },
    /** Another gate keeps what this one admits; without `gone`, which leaves unsent, and after which the next one is asked for. */
    keep: (kept: boolean, gone?: string) => {
      isKept = kept;
      for (const [webhookId, queue] of waiting) {
        waiting.set(
          webhookId,
          queue.filter(({ deliveryId }) => deliveryId !== gone),
        );
        serve(webhookId);
      }
    },
    fail: (times: number) => {
      for (let failure = 0; failure < times; failure++) gate.ended(jobOf('a'), 'dns');
    },
    pass: (ms: number) => jest.advanceTimersByTimeAsync(ms),
  };
}

function later(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
