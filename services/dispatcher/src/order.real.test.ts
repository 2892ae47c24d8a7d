import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeCommand, encodeEvent, TOPIC } from '@hookline/contracts';
import { deliveryId, type DeliverySettings } from '@hookline/domain';
import { createRandom, eventually, type Random, type ReceivedRequest, type Receiver } from '@hookline/testkit';
import { createScene, type Scene } from './testing/scene.ts';

const SOON = { RETRY_MANAGER_INITIAL_DELAY: '50ms', RETRY_MANAGER_MAX_DELAY: '200ms', RETRY_MANAGER_MAX_RETRIES: '20' };

/** What a run is repeated with; it is part of the test's name, so that a failure says it. */
const SEED = Number(process.env['ORDER_SEED'] ?? Math.floor(Math.random() * 1e9));

describe('deliveries in order', () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await createScene();
  }, 120_000);

  afterAll(() => scene.close(), 60_000);

  afterEach(async () => {
    await scene.stopAll();
    expect(scene.failures).toEqual([]);
  }, 60_000);

  /** Publishes one after the other, so that this is the log's order. */
  async function publish(webhookId: string, key: string, from: number, to: number): Promise<string[]> {
    const deliveries: string[] = [];
    for (let n = from; n <= to; n++) {
      const data = Buffer.from(JSON.stringify({ key, n }));
      deliveries.push(await scene.publish(webhookId, { partitionKey: key, subject: key, data }));
    }
    return deliveries;
  }

  test('followers wait for one that fails, other keys go on; the retry schedule has no part in it', async () => {
    const receiver = await scene.receive((request, _count) => ({
      status: noteOf(request).n === 1 && attemptsBefore(receiver, request) < 3 ? 500 : 200,
    }));
    const webhookId = await scene.register(receiver.url, { delivery: { orderBy: 'partitionkey' } });
    await scene.start(SOON);
    const [first, ...others] = await publish(webhookId, 'a', 1, 4);
    await publish(webhookId, 'b', 2, 5);
    await eventually(() => expect(takenOf(receiver, 'b')).toEqual([2, 3, 4, 5]));
    await eventually(() => expect(takenOf(receiver, 'a')).toEqual([1, 1, 1, 1, 2, 3, 4]), { timeoutMs: 20_000 });
    await eventually(() =>
      expect(scene.attemptsOf(first!).map(({ number, state }) => [number, state])).toEqual([
        [1, 'retrying'],
        [2, 'retrying'],
        [3, 'retrying'],
        [4, 'succeeded'],
      ]),
    );
    for (const delivery of [first!, ...others]) expect(scene.retriesOf(delivery)).toEqual([]);
    await scene.committed(TOPIC.events);
    await scene.committed(TOPIC.deliveries);
  }, 60_000);

  test('one that is dead lets the next one go', async () => {
    const receiver = await scene.receive((request) => ({ status: noteOf(request).n === 1 ? 500 : 200 }));
    const webhookId = await scene.register(receiver.url, { delivery: { orderBy: 'source', maxRetries: 1 } });
    await scene.start(SOON);
    const [first] = await publish(webhookId, 'a', 1, 3);
    await eventually(() => expect(takenOf(receiver, 'a')).toEqual([1, 1, 2, 3]), { timeoutMs: 20_000 });
    await eventually(() => expect(scene.deadLettersOf(first!)).toMatchObject([{ reason: 'attempts_exhausted' }]));
    await scene.committed(TOPIC.deliveries);
  }, 60_000);

  test('one that is attempted by hand, in vain, lets the next one go', async () => {
    const receiver = await scene.receive((request) => ({ status: noteOf(request).n === 1 ? 500 : 200 }));
    const delivery: DeliverySettings = { orderBy: 'subject', retryScheduleMs: [6_000, 6_000] };
    const webhookId = await scene.register(receiver.url, { delivery });
    await scene.start();
    const event = scene.event(webhookId, { partitionKey: 'a', subject: 'a', data: Buffer.from('{"key":"a","n":1}') });
    await scene.eventLog.append([encodeEvent(event)]);
    const first = deliveryId(event.tenant, event.id, webhookId);
    await publish(webhookId, 'a', 2, 3);
    await eventually(() => expect(scene.attemptsOf(first)).toHaveLength(1));
    const of = { deliveryId: first, webhookId, event, firstAttemptAtMs: Date.now() };
    await scene.eventLog.append([encodeCommand({ kind: 'attempt', ...of, trigger: 'manual', attempt: 2 })]);
    await eventually(() => expect(scene.retriesOf(first)).toMatchObject([{ attempt: 3 }]));
    await eventually(() => expect(takenOf(receiver, 'a')).toEqual([1, 1, 2, 3]), { timeoutMs: 10_000 });
    await scene.committed(TOPIC.deliveries);
  }, 60_000);

  test(`copies that come and go keep every key’s order, whatever fails meanwhile (ORDER_SEED=${SEED})`, async () => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const random = createRandom(SEED);
    const failures = new Map(keys.map((key) => [key, drawFailures(random, 60)]));
    const receiver = await scene.receive((request) => {
      const { key, n } = noteOf(request);
      return { status: attemptsBefore(receiver, request) < failures.get(key)![n - 1]! ? 503 : 200, delayMs: 5 };
    });
    const webhookId = await scene.register(receiver.url, { delivery: { orderBy: 'subject' } });
    let current = await scene.start(SOON);
    const published = keys.map((key) => publish(webhookId, key, 1, 60));
    for (let round = 0; round < 3; round++) {
      await sleep(random.next() * 1_400);
      const next = await scene.start(SOON);
      await sleep(random.next() * 1_400);
      await current.close(Date.now() + 2_000);
      current = next;
    }
    const deliveries = (await Promise.all(published)).flat();
    await eventually(
      () => expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(deliveries.length),
      { timeoutMs: 60_000 },
    );
    for (const key of keys) {
      let furthest = 0;
      for (const n of takenOf(receiver, key)) {
        expect(n).toBeLessThanOrEqual(furthest + 1);
        furthest = Math.max(furthest, n);
      }
      expect(furthest).toBe(60);
    }
    await scene.committed(TOPIC.deliveries);
  }, 120_000);
});

/** How often each of a key's deliveries fails before it succeeds, so that chance has no part in who comes first. */
function drawFailures(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => {
    let failures = 0;
    while (random.next() < 0.2) failures++;
    return failures;
  });
}

function noteOf({ body }: ReceivedRequest): { key: string; n: number } {
  return (JSON.parse(body.toString('utf8')) as { data: { key: string; n: number } }).data;
}

/** The numbers of a key's requests, in the order of their arrival. */
function takenOf({ requests }: Receiver, key: string): number[] {
  return requests.map(noteOf).flatMap((note) => (note.key === key ? [note.n] : []));
}

function attemptsBefore({ requests }: Receiver, { headers }: ReceivedRequest): number {
  return requests.filter((other) => other.headers['webhook-id'] === headers['webhook-id']).length - 1;
}
