import { decodeAttempt, decodeHealth, decodeRetry, TOPIC, type Retry } from '@hookline/contracts';
import { createPolicies, policyOf, type AttemptResult, type Event, type Policy } from '@hookline/domain';
import type { NewRecord } from '@hookline/event-log';
import { createLog, createMetrics } from '@hookline/service-kit';
import { eventually } from '@hookline/testkit';
import { describe, expect, test } from '@jest/globals';
import { createCancellations } from './cancellations.ts';
import { createEventJob, createHandOverJob, type DeliveryJob } from './job.ts';
import { createDispatcherMetrics } from './metrics.ts';
import { createRecorder } from './record.ts';
import { createSettledDeliveries } from './settled-deliveries.ts';
import { createSettlement } from './settle.ts';
import { createWebhookTable, type KnownWebhook } from './webhook-table.ts';

const NOW_MS = 1_800_000_000_000;
const log = createLog('test', 'silent');
const { quick } = createPolicies();

const EVENT: Event = {
  tenant: 'acme',
  id: 'e1',
  type: 'order.created',
  source: 'shop',
  time: '2027-01-15T08:00:00Z',
  data: Buffer.from('{}'),
  contentType: 'application/json',
  acceptedAtMs: NOW_MS - 1_000,
};

const FAILED: AttemptResult = {
  startedAtMs: NOW_MS - 20,
  durationMs: 20,
  status: 500,
  failure: 'server_error',
  error: null,
  responseBody: null,
  retryAfterMs: null,
};

function webhook(): KnownWebhook {
  const table = createWebhookTable();
  const of = { id: 'wh_1', tenant: 'acme', url: 'https://user.example/', eventTypes: ['*'] };
  table.change('wh_1', 1, { ...of, sealedHeaders: '', sealedSecrets: '', status: 'enabled', policy: 'quick' });
  return table.get('wh_1')!;
}

/** A settlement whose log takes everything, call by call, and a job of it. */
function scene({
  attempt = 1,
  policy = quick,
  lost = false,
  trigger,
}: { attempt?: number; policy?: Policy; lost?: boolean; trigger?: 'manual' } = {}) {
  const calls: string[][] = [];
  const records: NewRecord[] = [];
  const done: number[] = [];
  const cancellations = createCancellations();
  const metrics = createDispatcherMetrics(createMetrics('dispatcher'));
  const eventLog = {
    append(some: readonly NewRecord[]) {
      calls.push(some.map(({ topic, value }) => (value === null ? 'tombstone' : topic.replace('webhook.', ''))));
      records.push(...some);
      return Promise.resolve([]);
    },
  };
  const settlement = createSettlement({
    engine: () => ({ settled() {} }) as never,
    recorder: createRecorder({ eventLog, log, metrics }),
    settled: createSettledDeliveries(),
    cancellations,
    policyOf: () => policy,
    clock: { now: () => NOW_MS },
    log,
    metrics,
    random: () => 0.5,
  });
  const progress = {
    batch: { done: (offset: number) => void done.push(offset) },
    position: { topic: TOPIC.events, partition: 0, offset: 7 },
    lost: () => lost,
    open: 1,
  };
  const retry: Retry = { deliveryId: 'dlv_1', webhookId: 'wh_1', event: EVENT, attempt, dueAtMs: 0, firstAttemptAtMs: NOW_MS - 500, deferred: false }; // prettier-ignore
  const job: DeliveryJob =
    attempt === 1
      ? createEventJob({ ...EVENT, payloads: null }, 'wh_1', progress)
      : createHandOverJob(trigger === undefined ? retry : { ...retry, trigger }, progress);
  job.webhook = webhook();
  job.policy = policy;

  /** The calls to the log, once the job's record is done. */
  async function settled(): Promise<string[][]> {
    await eventually(() => expect(done).toEqual([7]));
    return calls;
  }
  const read = (index: number) => ({ ...records[index]!, key: 'dlv_1', headers: records[index]!.headers ?? {}, partition: 0, offset: 0, timestampMs: 0 }); // prettier-ignore
  return {
    settlement,
    job,
    cancellations,
    settled,
    said: (index = 0) => {
      const decoded = decodeAttempt(read(index));
      if (decoded.kind === 'unreadable') throw new Error(decoded.reason);
      return decoded.kind === 'attempt' ? decoded.attempt : decoded.change;
    },
    health: (index: number) => decodeHealth(read(index)),
    retry: (index: number) => {
      const decoded = decodeRetry(read(index));
      return decoded.kind === 'retry' ? decoded.retry : null;
    },
  };
}

const SUCCEEDED = { ...FAILED, status: 200, failure: null };
const GONE: AttemptResult = { ...FAILED, status: 410, failure: 'gone' };

describe('what an attempt leaves in the log, in which calls', () => {
  test.each<[string, AttemptResult, Parameters<typeof scene>[0], string[][], string]>([
    ['that succeeded at once', SUCCEEDED, {}, [['attempts']], 'succeeded'],
    ['that succeeded in the end', SUCCEEDED, { attempt: 2 }, [['attempts', 'tombstone']], 'succeeded'],
    ['that failed', FAILED, {}, [['attempts', 'retries']], 'retrying'],
    ['that was told to wait', { ...FAILED, failure: 'throttled' }, {}, [['attempts', 'retries']], 'deferred'],
    ['that was the last', FAILED, { attempt: 6 }, [['attempts', 'dead-letters'], ['tombstone']], 'dead'],
    ['that met a 410', GONE, {}, [['attempts', 'dead-letters'], ['tombstone']], 'dead'],
    ['whose next would be too late', FAILED, { policy: policyOf(quick, { ttlMs: 1_001 }) }, [['attempts', 'tombstone']], 'expired'], // prettier-ignore
    ['whose partition is lost', FAILED, { lost: true }, [['attempts']], 'retrying'],
  ])('one %s', async (_what, result, given, calls, state) => {
    const { settlement, job, settled, said } = scene(given);
    settlement.attempted(job, result);
    expect(await settled()).toEqual(calls);
    expect(said()).toMatchObject({ state, number: job.attempt, trigger: 'automatic' });
  });

  test('one whose delivery was cancelled meanwhile is the last, and leaves no payload', async () => {
    for (const attempt of [1, 6]) {
      const { settlement, job, cancellations, settled, said } = scene({ attempt });
      cancellations.add({ tenant: 'acme', eventId: 'e1', webhookId: null, reason: 'erased' });
      settlement.attempted(job, FAILED);
      expect(await settled()).toEqual([['attempts', 'tombstone']]);
      expect(said()).toMatchObject({ state: 'cancelled', nextAttemptAtMs: null, deadReason: null });
    }
  });

  test('a 410 of a cancelled delivery is told all the same: the registry disables the webhook', async () => {
    const { settlement, job, cancellations, settled } = scene();
    cancellations.add({ tenant: 'acme', eventId: 'e1', webhookId: null, reason: 'cancelled' });
    settlement.attempted(job, GONE);
    expect(await settled()).toEqual([['attempts', 'dead-letters'], ['tombstone']]);
  });

  test.each<[string, AttemptResult, { reason?: 'gone' }]>([
    ['a 410', GONE, { reason: 'gone' }],
    ['webhook-delivery: disable', { ...FAILED, control: 'disable' }, {}],
  ])('%s of an erased event is told without its payload', async (_what, result, reason) => {
    const { settlement, job, cancellations, settled, said, health } = scene();
    cancellations.add({ tenant: 'acme', eventId: 'e1', webhookId: null, reason: 'erased' });
    settlement.attempted(job, result);
    expect(await settled()).toEqual([['attempts', 'tombstone', 'health']]);
    expect(said()).toMatchObject({ state: 'cancelled', deadReason: null });
    const report = { tenant: 'acme', webhookId: 'wh_1', kind: 'disable', atMs: NOW_MS, ...reason };
    expect(health(2)).toEqual({ kind: 'health', report });
  });
});

describe('what is put off', () => {
  test('waits with its number, and says why, until when, and when it is over', async () => {
    const { settlement, job, settled, said, retry } = scene();
    settlement.defer(job, 'breaker_open', NOW_MS + 5_000);
    expect(await settled()).toEqual([['retries', 'attempts']]);
    expect(retry(0)).toMatchObject({
      attempt: 1,
      dueAtMs: NOW_MS + 5_000,
      firstAttemptAtMs: NOW_MS,
      deferred: true,
    });
    expect(said(1)).toMatchObject({
      state: 'deferred',
      reason: 'breaker_open',
      attempts: 0,
      nextAttemptAtMs: NOW_MS + 5_000,
      atMs: NOW_MS,
    });
  });

  test('keeps the age that it has', async () => {
    const { settlement, job, settled, retry } = scene({ attempt: 3, policy: policyOf(quick, { ttlMs: 60_000 }) });
    settlement.defer(job, 'overflow', NOW_MS);
    await settled();
    expect(retry(0)).toMatchObject({ attempt: 3, firstAttemptAtMs: NOW_MS - 500 });
  });

  test('keeps who asked for it, until it has been made', async () => {
    const { settlement, job, settled, retry } = scene({ attempt: 2, trigger: 'manual' });
    settlement.defer(job, 'rate_limited', NOW_MS);
    await settled();
    expect(retry(0)).toMatchObject({ attempt: 2, trigger: 'manual', deferred: true });
    const made = scene({ attempt: 2, trigger: 'manual' });
    made.settlement.attempted(made.job, FAILED);
    await made.settled();
    expect([made.said(), made.retry(1)]).toMatchObject([{ trigger: 'manual' }, { attempt: 3 }]);
    expect(made.retry(1)).not.toHaveProperty('trigger');
  });

  test('past its end ends now', async () => {
    const expiring = scene({ policy: policyOf(quick, { ttlMs: 2_000 }) });
    expiring.settlement.defer(expiring.job, 'overflow', NOW_MS + 1_001);
    expect(await expiring.settled()).toEqual([['attempts', 'tombstone']]);
    expect(expiring.said()).toMatchObject({ state: 'expired', reason: 'ttl' });
    const aging = scene({ attempt: 2, policy: policyOf(quick, { maxAgeMs: 1_000 }) });
    aging.settlement.defer(aging.job, 'overflow', NOW_MS + 501);
    expect(await aging.settled()).toEqual([['attempts', 'dead-letters'], ['tombstone']]);
    expect(aging.said()).toMatchObject({ state: 'dead', reason: 'max_age', attempts: 1, nextAttemptAtMs: null });
  });

  test('and cancelled ends now, and its payload is written nowhere', async () => {
    const { settlement, job, cancellations, settled, said } = scene();
    cancellations.add({ tenant: 'acme', eventId: 'e1', webhookId: 'wh_1', reason: 'erased' });
    settlement.defer(job, 'overflow', NOW_MS);
    expect(await settled()).toEqual([['attempts', 'tombstone']]);
    expect(said()).toMatchObject({ state: 'cancelled', reason: 'erased' });
  });
});
