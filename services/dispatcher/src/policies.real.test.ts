import { TOPIC, type Retry } from '@hookline/contracts';
import { createId, deliveryId, type DeliverySettings } from '@hookline/domain';
import { eventually } from '@hookline/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createScene, type Scene } from './testing/scene.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let scene: Scene;

beforeAll(async () => {
  scene = await createScene();
}, 120_000);

afterAll(async () => {
  await scene.close();
}, 60_000);

beforeEach(async () => {
  scene.failures.length = 0;
  await scene.start();
});

afterEach(async () => {
  await scene.stopAll();
  expect(scene.failures).toEqual([]);
});

/** The first record of a retry, as it was handed to the retry manager. */
async function waiting(delivery: string): Promise<Retry> {
  return eventually(() => {
    const [retry] = scene.retriesOf(delivery);
    expect(retry).not.toBeUndefined();
    return retry as Retry;
  });
}

function retryOf(webhookId: string, parts: Partial<Retry> = {}): Retry {
  const event = scene.event(webhookId);
  return {
    deliveryId: deliveryId('default', event.id, webhookId),
    webhookId,
    event,
    attempt: 2,
    dueAtMs: Date.now(),
    firstAttemptAtMs: Date.now() - 1_000,
    deferred: false,
    ...parts,
  };
}

describe('a schedule', () => {
  test.each<[string, DeliverySettings | undefined, object, { inMs: [number, number]; ends: number }]>([
    ['the preset’s', undefined, {}, { inMs: [0, 1_000], ends: DAY_MS + 31_000 }],
    [
      'the webhook’s, before the preset’s',
      { retryScheduleMs: [60_000, 120_000] },
      {},
      { inMs: [60_000, 66_000], ends: DAY_MS + 180_000 },
    ],
    [
      'the event’s, before the webhook’s',
      { retryScheduleMs: [60_000, 120_000] },
      { retryScheduleMs: [HOUR_MS] },
      { inMs: [HOUR_MS, 1.1 * HOUR_MS], ends: DAY_MS + HOUR_MS },
    ],
    [
      'the webhook’s, bounded by its own age',
      { retryScheduleMs: [60_000], maxAgeMs: 2 * HOUR_MS },
      {},
      { inMs: [60_000, 66_000], ends: 2 * HOUR_MS },
    ],
  ])('%s decides when it is tried again, and for how long', async (_what, delivery, parts, { inMs, ends }) => {
    const receiver = await scene.receive(() => ({ status: 500 }));
    const webhookId = await scene.register(receiver.url, delivery === undefined ? {} : { delivery });
    const id = await scene.publish(webhookId, parts);
    const retry = await waiting(id);
    const [attempt] = await eventually(() => {
      expect(scene.attemptsOf(id)).toHaveLength(1);
      return scene.attemptsOf(id);
    });
    const endedAtMs = attempt!.startedAtMs + attempt!.durationMs;
    expect(retry.dueAtMs - endedAtMs).toBeGreaterThanOrEqual(inMs[0] - 10);
    expect(retry.dueAtMs - endedAtMs).toBeLessThanOrEqual(inMs[1] + 200);
    await scene.handOver({ ...retry, firstAttemptAtMs: Date.now() - ends });
    await eventually(() => expect(scene.deadLettersOf(id)).toMatchObject([{ reason: 'max_age' }]));
  });

  test('without retries, said by the event or by the webhook, ends with the first attempt', async () => {
    const receiver = await scene.receive((_request, count) => ({ status: count === 1 ? 500 : 429 }));
    const patient = await scene.register(receiver.url);
    const impatient = await scene.register(receiver.url, { delivery: { maxRetries: 0 } });
    const ids = [await scene.publish(patient, { maxRetries: 0 }), await scene.publish(impatient)];
    for (const id of ids) {
      await eventually(() => {
        expect(scene.deadLettersOf(id)).toMatchObject([{ reason: 'attempts_exhausted', attempts: 1 }]);
      });
    }
  });

  test('that is at its end for the webhook’s settings as they are now ends', async () => {
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url, { delivery: { maxAgeMs: HOUR_MS } });
    const old = retryOf(webhookId, { firstAttemptAtMs: Date.now() - HOUR_MS - 1_000 });
    await scene.handOver(old);
    await eventually(() => expect(scene.deadLettersOf(old.deliveryId)).toMatchObject([{ reason: 'max_age' }]));
    expect(receiver.requests).toHaveLength(0);
  });
});

describe('asking for patience', () => {
  test.each([
    [429, 'throttled'],
    [503, 'server_error'],
  ])('by %i with Retry-After uses up no attempt, and is heeded in full', async (status, failure) => {
    const receiver = await scene.receive(() => ({ status, headers: { 'retry-after': '7200' } }));
    const webhookId = await scene.register(receiver.url);
    const id = await scene.publish(webhookId);
    const retry = await waiting(id);
    expect(retry).toMatchObject({ attempt: 1, deferred: true });
    expect(retry.dueAtMs - Date.now()).toBeGreaterThan(7_190_000);
    await eventually(() => {
      expect(scene.attemptsOf(id)).toMatchObject([{ number: 1, state: 'deferred', failure, retryAfterMs: 7_200_000 }]);
    });
  });

  test('comes back as the same attempt, of the same age', async () => {
    const receiver = await scene.receive(() => ({ status: 500 }));
    const webhookId = await scene.register(receiver.url, { delivery: { retryScheduleMs: [HOUR_MS] } });
    const asked = retryOf(webhookId, { attempt: 1, deferred: true });
    await scene.handOver(asked);
    expect(await waiting(asked.deliveryId)).toMatchObject({ attempt: 2, firstAttemptAtMs: asked.firstAttemptAtMs });
  });
});

describe('webhook-delivery in an answer', () => {
  test.each([
    ['abort-message', 'aborted_by_receiver'],
    ['disable', 'disabled_by_receiver'],
  ])('%s makes the delivery dead: %s', async (control, reason) => {
    const receiver = await scene.receive(() => ({ status: 422, headers: { 'webhook-delivery': control } }));
    const webhookId = await scene.register(receiver.url);
    const id = await scene.publish(webhookId);
    await eventually(() => expect(scene.deadLettersOf(id)).toMatchObject([{ reason, attempts: 1 }]));
    await eventually(() => expect(scene.attemptsOf(id)).toHaveLength(1));
    expect(scene.attemptsOf(id)).toMatchObject([{ status: 422, control, state: 'dead', deadReason: reason }]);
    await eventually(() => expect(scene.retriesOf(id)).toEqual([null]));
  });
});

describe('a TTL', () => {
  test('that is past before the attempt makes the delivery expired, whoever set it', async () => {
    const receiver = await scene.receive();
    const open = await scene.register(receiver.url);
    const short = await scene.register(receiver.url, { delivery: { ttlMs: 1_000 } });
    const ids = [
      await scene.publish(open, { expiresAtMs: Date.now() - 1 }),
      await scene.publish(short, { acceptedAtMs: Date.now() - 2_000 }),
    ];
    for (const id of ids) {
      await eventually(() => {
        expect(scene.retriesOf(id)).toEqual([null]);
        expect(scene.statesOf(id)).toMatchObject([{ state: 'expired', reason: 'ttl', attempts: 0 }]);
      });
      expect([scene.attemptsOf(id), scene.deadLettersOf(id)]).toEqual([[], []]);
    }
    await scene.committed(TOPIC.events);
    expect(receiver.requests).toHaveLength(0);
  });

  test('that the next attempt would miss ends it after this one', async () => {
    const receiver = await scene.receive(() => ({ status: 500 }));
    const webhookId = await scene.register(receiver.url, { delivery: { retryScheduleMs: [HOUR_MS] } });
    const id = await scene.publish(webhookId, { expiresAtMs: Date.now() + HOUR_MS / 2 });
    await eventually(() => expect(scene.retriesOf(id)).toEqual([null]));
    await eventually(() => expect(scene.attemptsOf(id)).toHaveLength(1));
    expect(scene.attemptsOf(id)).toMatchObject([{ state: 'expired', nextAttemptAtMs: null, deadReason: null }]);
    expect(scene.deadLettersOf(id)).toEqual([]);
  });

  test('ends a retry that comes too late', async () => {
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url, { delivery: { ttlMs: HOUR_MS } });
    const retry = retryOf(webhookId);
    await scene.handOver({ ...retry, event: { ...retry.event, acceptedAtMs: Date.now() - HOUR_MS - 1_000 } });
    await eventually(() => {
      expect(scene.retriesOf(retry.deliveryId)).toEqual([null]);
      expect(scene.statesOf(retry.deliveryId)).toMatchObject([{ state: 'expired', reason: 'ttl', attempts: 1 }]);
    });
  });
});

describe('a time to deliver at', () => {
  test('puts the delivery off until then, and its age begins then', async () => {
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url);
    const deliverAtMs = Date.now() + HOUR_MS;
    const id = await scene.publish(webhookId, { deliverAtMs });
    const retry = await waiting(id);
    expect(retry).toMatchObject({ attempt: 1, dueAtMs: deliverAtMs, firstAttemptAtMs: deliverAtMs, deferred: true });
    await eventually(() => {
      expect(scene.statesOf(id)).toMatchObject([
        { state: 'deferred', reason: 'scheduled', attempts: 0, nextAttemptAtMs: deliverAtMs },
      ]);
    });
    await scene.committed(TOPIC.events);
    expect(receiver.requests).toHaveLength(0);
    await scene.handOver({ ...retry, event: { ...retry.event, deliverAtMs: Date.now() - 1 } });
    await receiver.waitFor(1);
    await eventually(() => expect(scene.retriesOf(id).at(-1)).toBeNull());
  });
});

describe('a paused webhook', () => {
  test('keeps what comes and what is due, without using an attempt, until it goes on', async () => {
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url, { status: 'paused' });
    const id = await scene.publish(webhookId);
    const due = retryOf(webhookId, { attempt: 3 });
    await scene.handOver(due);
    const kept = await waiting(id);
    expect(kept).toMatchObject({ attempt: 1, deferred: true });
    // The schedule holds it; due, it goes on with the webhook.
    expect(kept.dueAtMs).toBeLessThan(Date.now() + 2_000);
    const keptRetry = await waiting(due.deliveryId);
    expect(keptRetry).toMatchObject({ attempt: 3, deferred: true, firstAttemptAtMs: due.firstAttemptAtMs });
    await eventually(() => {
      expect(scene.statesOf(id)).toMatchObject([{ state: 'deferred', reason: 'paused', attempts: 0 }]);
      expect(scene.statesOf(due.deliveryId)).toMatchObject([{ state: 'deferred', reason: 'paused', attempts: 2 }]);
    });
    await Promise.all([scene.committed(TOPIC.events), scene.committed(TOPIC.deliveries)]);
    expect(receiver.requests).toHaveLength(0);

    await scene.register(receiver.url, { id: webhookId });
    await scene.handOver(kept);
    await scene.handOver(keptRetry);
    await receiver.waitFor(2);
    await eventually(() => {
      for (const each of [id, due.deliveryId]) expect(scene.retriesOf(each).at(-1)).toBeNull();
    });
  });

  test('keeps nothing longer than its age', async () => {
    const webhookId = await scene.register('http://127.0.0.1:1/', { status: 'paused' });
    const old = retryOf(webhookId, { firstAttemptAtMs: Date.now() - 2 * DAY_MS });
    await scene.handOver(old);
    await eventually(() => expect(scene.deadLettersOf(old.deliveryId)).toMatchObject([{ reason: 'max_age' }]));
  });
});

test('what was due to a deleted webhook is discarded, and that is to be seen', async () => {
  const webhookId = createId('wh');
  const retry = retryOf(webhookId);
  await scene.handOver(retry);
  await eventually(() => {
    expect(scene.retriesOf(retry.deliveryId)).toEqual([null]);
    expect(scene.statesOf(retry.deliveryId)).toMatchObject([
      { state: 'discarded', reason: 'webhook_deleted', attempts: 1 },
    ]);
  });
});
