import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BREAKER_POLICY, systemClock } from '@hookline/domain';
import type { Limits } from '@hookline/limits';
import { createRedisLimits } from '@hookline/limits-redis';
import { createLog } from '@hookline/service-kit';
import { eventually, uniqueName, useRealParts } from '@hookline/testkit';
import { createBreakerGate, type BreakerGate } from '../../services/dispatcher/src/gates/breaker-gate.ts';

const log = createLog('test', 'silent');
const parts = useRealParts({ redis: true });
const deduplication = { pendingMs: 1, windowMs: 1, maxKeys: 1 };
let limits: Limits;
const gates: BreakerGate[] = [];

beforeAll(() => {
  limits = createRedisLimits({ url: parts.redisUrl, keyPrefix: uniqueName('breakers'), deduplication, log });
});

afterAll(async () => {
  for (const gate of gates) gate.close();
  await limits.close();
});

/** A dispatcher in small, to which nothing but new deliveries come, one after the other. */
function openDispatcher() {
  let trips = 0;
  const gate = createBreakerGate({
    breakers: {
      report: (...args) => (trips++, limits.breakers.report(...args)),
      claimProbes: (...args) => (trips++, limits.breakers.claimProbes(...args)),
    },
    policy: BREAKER_POLICY,
    probeMs: () => 30_000,
    engine: () => ({ wake() {}, deferWaiting() {}, waitingFor: () => 1, startable: () => 1 }),
    clock: systemClock,
    log,
    random: Math.random,
  });
  gates.push(gate);
  const admits = (webhookId: string) => gate.admits({ webhookId, deliveryId: 'new', handedOver: false });
  return {
    trips: () => trips,
    admits,
    isShut: (webhookId: string) => gate.isShut(webhookId, Date.now()),
    /** False: it was not admitted. */
    send(webhookId: string, failure: 'server_error' | null): boolean {
      const job = { webhookId, deliveryId: 'new', handedOver: false };
      if (!gate.admits(job)) return false;
      gate.passed(job);
      gate.ended(job, failure);
      return true;
    },
  };
}

test('a webhook whose breaker is open elsewhere gets one request of each who has not heard of it', async () => {
  const [first, second, third] = [openDispatcher(), openDispatcher(), openDispatcher()];
  await eventually(() => {
    first.send('wh_failing', 'server_error');
    expect(first.isShut('wh_failing')).toBe(true);
  });
  for (const other of [second, third]) {
    let sent = 0;
    await eventually(() => {
      if (other.send('wh_failing', 'server_error')) sent++;
      expect(other.isShut('wh_failing')).toBe(true);
    });
    expect([sent, other.trips()]).toEqual([1, 1]);
  }
});

test('one that fails for the first time goes on at once, and one that is well costs nothing', async () => {
  const dispatcher = openDispatcher();
  for (let request = 0; request < 100; request++) expect(dispatcher.send('wh_well', null)).toBe(true);
  expect(dispatcher.trips()).toBe(0);
  expect(dispatcher.send('wh_once', 'server_error')).toBe(true);
  expect(dispatcher.admits('wh_once')).toBe(false);
  await eventually(() => expect(dispatcher.admits('wh_once')).toBe(true));
  expect(dispatcher.trips()).toBe(1);
});
