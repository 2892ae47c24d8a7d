import { setTimeout as sleep } from 'node:timers/promises';
import {
  encodeCancellation,
  encodeCommand,
  encodeEvent,
  encodeRetry,
  TOPIC,
  type AttemptCommand,
  type Cancellation,
  type CancelCommand,
  type Retry,
} from '@hookline/contracts';
import { deliveryId, type Event } from '@hookline/domain';
import { eventually } from '@hookline/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createScene, type Scene } from './testing/scene.ts';

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

function idOf(event: Event, webhookId: string): string {
  return deliveryId(event.tenant, event.id, webhookId);
}

function retryOf(webhookId: string, event: Event): Retry {
  return {
    deliveryId: idOf(event, webhookId),
    webhookId,
    event,
    attempt: 2,
    dueAtMs: Date.now(),
    firstAttemptAtMs: Date.now() - 1_000,
    deferred: false,
  };
}

async function order(webhookId: string, event: Event, parts: Partial<AttemptCommand> = {}): Promise<void> {
  await scene.eventLog.append([
    encodeCommand({
      kind: 'attempt',
      deliveryId: idOf(event, webhookId),
      webhookId,
      event,
      trigger: 'manual',
      attempt: 2,
      firstAttemptAtMs: Date.now() - 1_000,
      ...parts,
    }),
  ]);
}

/** As whoever cancels does it: everywhere, and at once where it is known to wait. */
async function cancel(webhookId: string, event: Event, parts: Partial<Cancellation & CancelCommand> = {}) {
  const { tenant, id: eventId, type: eventType, acceptedAtMs } = event;
  const { reason = 'cancelled', attempts = 1 } = parts;
  const of = { tenant, eventId, reason };
  const delivery = { ...of, webhookId, deliveryId: idOf(event, webhookId), eventType, acceptedAtMs, attempts };
  await scene.eventLog.append([
    encodeCancellation({ ...of, webhookId: null, atMs: Date.now() }),
    encodeCommand({ ...delivery, kind: 'cancel' }),
  ]);
}

async function cancelEvent({ tenant, id: eventId }: Event, reason: Cancellation['reason'] = 'cancelled') {
  await scene.eventLog.append([encodeCancellation({ tenant, eventId, webhookId: null, reason, atMs: Date.now() })]);
}

function endsCancelled(delivery: string, reason: Cancellation['reason'] = 'cancelled'): Promise<void> {
  return eventually(() => {
    expect(scene.retriesOf(delivery).at(-1)).toBeNull();
    expect(scene.statesOf(delivery)).toContainEqual(expect.objectContaining({ state: 'cancelled', reason }));
  });
}

describe('an attempt that is asked for', () => {
  test('is made of a delivery that has ended, with the next number, and settles what waits', async () => {
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url);
    const event = scene.event(webhookId);
    await scene.eventLog.append([encodeEvent(event)]);
    await receiver.waitFor(1);
    await scene.committed(TOPIC.events);
    await order(webhookId, event);
    await receiver.waitFor(2);
    const id = idOf(event, webhookId);
    await eventually(() => {
      expect(scene.attemptsOf(id).map(({ number, trigger, state }) => [number, trigger, state])).toEqual([
        [1, 'automatic', 'succeeded'],
        [2, 'manual', 'succeeded'],
      ]);
      expect(scene.retriesOf(id)).toEqual([null]);
    });
  });

  test('that fails goes on with the schedule, while there is something left of it', async () => {
    const receiver = await scene.receive(() => ({ status: 500 }));
    const webhookId = await scene.register(receiver.url, { delivery: { retryScheduleMs: [3_600_000, 7_200_000] } });
    const [waiting, spent] = [scene.event(webhookId), scene.event(webhookId)];
    await order(webhookId, waiting, { attempt: 2 });
    await order(webhookId, spent, { attempt: 4 });
    await eventually(() => {
      expect(scene.retriesOf(idOf(waiting, webhookId))).toMatchObject([{ attempt: 3 }]);
      expect(scene.deadLettersOf(idOf(spent, webhookId))).toMatchObject([
        { reason: 'attempts_exhausted', attempts: 4 },
      ]);
    });
  });

  test.each<AttemptCommand['trigger']>(['replay', 'recovery'])('as a %s begins the schedule anew', async (trigger) => {
    const receiver = await scene.receive(() => ({ status: 500 }));
    const webhookId = await scene.register(receiver.url, { delivery: { retryScheduleMs: [3_600_000] } });
    const event = scene.event(webhookId);
    const id = idOf(event, webhookId);
    await order(webhookId, event, { trigger, attempt: 7, firstAttemptAtMs: 0 });
    const retry = await eventually(() => {
      expect(scene.retriesOf(id)).toMatchObject([{ attempt: 8, scheduleFrom: 7 }]);
      return scene.retriesOf(id)[0]!;
    });
    expect(Date.now() - retry.firstAttemptAtMs).toBeLessThan(60_000);
    await scene.handOver(retry);
    await eventually(() => expect(scene.deadLettersOf(id)).toMatchObject([{ attempts: 8 }]));
    await eventually(() => expect(scene.attemptsOf(id).map(({ trigger: of }) => of)).toEqual([trigger, 'automatic']));
  });

  test('after a replay goes on with that one’s schedule', async () => {
    const receiver = await scene.receive(() => ({ status: 500 }));
    const webhookId = await scene.register(receiver.url, { delivery: { retryScheduleMs: [3_600_000, 3_600_000] } });
    const event = scene.event(webhookId);
    await order(webhookId, event, { attempt: 8, scheduleFrom: 7 });
    await eventually(() =>
      expect(scene.retriesOf(idOf(event, webhookId))).toMatchObject([{ attempt: 9, scheduleFrom: 7 }]),
    );
  });

  test('by a replay that is ordered twice is made once', async () => {
    const receiver = await scene.receive(() => ({ status: 500 }));
    const webhookId = await scene.register(receiver.url, { delivery: { retryScheduleMs: [3_600_000] } });
    const event = scene.event(webhookId);
    const id = idOf(event, webhookId);
    await order(webhookId, event, { trigger: 'recovery', attempt: 7 });
    await eventually(() => expect(scene.retriesOf(id)).toMatchObject([{ attempt: 8 }]));
    await scene.committed(TOPIC.deliveries);
    await order(webhookId, event, { trigger: 'recovery', attempt: 7 });
    await scene.committed(TOPIC.deliveries);
    expect(receiver.requests).toHaveLength(1);
    await order(webhookId, event, { trigger: 'recovery', attempt: 8 });
    await receiver.waitFor(2);
  });

  test('by hand, and put off, is still that one when it comes again, and goes although the webhook is paused', async () => {
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url, { status: 'paused' });
    const event = scene.event(webhookId);
    await scene.handOver({ ...retryOf(webhookId, event), trigger: 'manual' });
    await receiver.waitFor(1);
    await eventually(() =>
      expect(scene.attemptsOf(idOf(event, webhookId))).toMatchObject([{ trigger: 'manual', number: 2 }]),
    );
  });

  test('is made although the webhook is paused or the delivery expired, and not if the webhook is disabled', async () => {
    const receiver = await scene.receive();
    const paused = await scene.register(receiver.url, { status: 'paused', delivery: { ttlMs: 1 } });
    const disabled = await scene.register(receiver.url, { status: 'disabled' });
    await order(paused, scene.event(paused, { acceptedAtMs: Date.now() - 5_000 }));
    const refused = scene.event(disabled);
    await order(disabled, refused);
    await receiver.waitFor(1);
    await eventually(() => {
      expect(scene.deadLettersOf(idOf(refused, disabled))).toMatchObject([{ reason: 'webhook_disabled' }]);
    });
    await scene.committed(TOPIC.deliveries);
    expect(receiver.requests).toHaveLength(1);
  });

  test('while one is being made is that one', async () => {
    const receiver = await scene.receive(async () => {
      await sleep(1_000);
      return { status: 500 };
    });
    const webhookId = await scene.register(receiver.url, { delivery: { retryScheduleMs: [3_600_000, 3_600_000] } });
    const event = scene.event(webhookId);
    await scene.handOver(retryOf(webhookId, event));
    await receiver.waitFor(1);
    await order(webhookId, event);
    await scene.committed(TOPIC.deliveries);
    expect(receiver.requests).toHaveLength(1);
    await eventually(() => expect(scene.retriesOf(idOf(event, webhookId))).toMatchObject([{ attempt: 3 }]));
  });
});

test('a retry that is to be buried is a dead letter, without an attempt', async () => {
  const receiver = await scene.receive();
  const webhookId = await scene.register(receiver.url);
  const event = scene.event(webhookId);
  const id = idOf(event, webhookId);
  const retry = retryOf(webhookId, event);
  await scene.eventLog.append([encodeRetry(retry)]);
  await scene.eventLog.append([encodeCommand({ kind: 'bury', retry, reason: 'backlog_full' })]);
  await eventually(() => {
    expect(scene.deadLettersOf(id)).toMatchObject([{ reason: 'backlog_full', attempts: 1 }]);
    expect(scene.statesOf(id)).toMatchObject([{ state: 'dead', reason: 'backlog_full', attempts: 1 }]);
    expect(scene.retriesOf(id)).toMatchObject([{ attempt: 2 }, null]);
  });
  await scene.committed(TOPIC.deliveries);
  expect(receiver.requests).toHaveLength(0);
});

describe('what is cancelled', () => {
  test('waiting in the schedule, leaves it', async () => {
    const receiver = await scene.receive(() => ({ status: 500 }));
    const webhookId = await scene.register(receiver.url, { delivery: { retryScheduleMs: [3_600_000] } });
    const event = scene.event(webhookId);
    const id = idOf(event, webhookId);
    await scene.eventLog.append([encodeEvent(event)]);
    await eventually(() => expect(scene.retriesOf(id)).toMatchObject([{ attempt: 2 }]));
    await cancel(webhookId, event);
    await endsCancelled(id);
  });

  test('handed over, is not sent', async () => {
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url);
    const [event, marker] = [scene.event(webhookId), scene.event(webhookId)];
    await cancelEvent(event, 'erased');
    await cancelEvent(marker);
    await scene.eventLog.append([encodeEvent(marker)]);
    await endsCancelled(idOf(marker, webhookId));
    await scene.handOver(retryOf(webhookId, event));
    await endsCancelled(idOf(event, webhookId), 'erased');
    expect(receiver.requests).toHaveLength(0);
  });

  test('queued, is not sent; under way, is sent this once', async () => {
    const gate = Promise.withResolvers<void>();
    const receiver = await scene.receive(async () => {
      await gate.promise;
      return { status: 500 };
    });
    const webhookId = await scene.register(receiver.url, { delivery: { maxInFlight: 1 } });
    // As many as fill all the places that one webhook can have.
    const events = Array.from({ length: 200 }, () => scene.event(webhookId));
    await scene.eventLog.append(events.map(encodeEvent));
    await receiver.waitFor(1);
    for (const event of events) await cancelEvent(event);
    await sleep(1_000);
    const underWay = receiver.requests.length;
    expect(underWay).toBeLessThan(200);
    gate.resolve();
    await scene.committed(TOPIC.events);
    expect(receiver.requests).toHaveLength(underWay);
    await eventually(() => {
      const ids = events.map((event) => idOf(event, webhookId));
      const attempts = ids.flatMap((id) => scene.attemptsOf(id));
      expect(attempts).toHaveLength(underWay);
      for (const attempt of attempts) expect(attempt).toMatchObject({ state: 'cancelled', nextAttemptAtMs: null });
      expect(ids.flatMap((id) => scene.statesOf(id)).filter(({ state }) => state === 'cancelled')).toHaveLength(
        200 - underWay,
      );
      for (const id of ids) expect(scene.retriesOf(id)).toEqual([null]);
    });
  });

  test('before anybody reads it, is not sent, whichever copy gets it, also after all have started again', async () => {
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url);
    const events = Array.from({ length: 40 }, () => scene.event(webhookId));
    for (const event of events) await cancelEvent(event);
    const { url, requests } = receiver;
    await scene.stopAll();
    await Promise.all([scene.start(), scene.start()]);
    await scene.register(url, { id: webhookId });
    await scene.eventLog.append(events.map(encodeEvent));
    await Promise.all(events.map((event) => endsCancelled(idOf(event, webhookId))));
    expect(requests).toHaveLength(0);
  });

  test('is attempted all the same if somebody asks for it, but not what was erased', async () => {
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url);
    const [cancelled, erased] = [scene.event(webhookId), scene.event(webhookId)];
    await cancel(webhookId, cancelled);
    await cancel(webhookId, erased, { reason: 'erased' });
    await endsCancelled(idOf(cancelled, webhookId));
    await endsCancelled(idOf(erased, webhookId), 'erased');
    await order(webhookId, cancelled);
    await order(webhookId, erased);
    await receiver.waitFor(1);
    await scene.committed(TOPIC.deliveries);
    expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([idOf(cancelled, webhookId)]);
  });

  test('that has succeeded stays as it is', async () => {
    const receiver = await scene.receive();
    const webhookId = await scene.register(receiver.url);
    const event = scene.event(webhookId);
    await scene.handOver(retryOf(webhookId, event));
    await receiver.waitFor(1);
    await scene.committed(TOPIC.deliveries);
    await cancel(webhookId, event);
    await scene.committed(TOPIC.deliveries);
    expect(scene.statesOf(idOf(event, webhookId))).toEqual([]);
  });
});
