import { expect, test } from '@jest/globals';
import type { Cursor, EntryRef, RetrySchedule, ScheduleBounds, ScheduleChange } from '../src/index.ts';
import { createModel, type Model } from './model.ts';
import { NOW, createDice, refOf, wait, type Dice, type Scene } from './scene.ts';

const DELIVERIES = 24;
const WEBHOOKS = 4;
const STEPS = 300;
const BOUNDS: ScheduleBounds = {
  webhook: { deliveries: 5, bytes: 5_000 },
  tenant: { deliveries: 9, bytes: 8_000 },
};

export function describeRandomRuns(scene: Scene): void {
  test.each([1, 2, 3, 4, 5, 6])('a random run gives what a simple model gives (seed %i)', async (seed) => {
    const clients = [await scene.bounded(BOUNDS), await scene.bounded(BOUNDS)];
    await runAgainstModel(clients, scene.unused(), createDice(seed));
  });
}

async function runAgainstModel(clients: RetrySchedule[], partition: number, dice: Dice): Promise<void> {
  const model = createModel(BOUNDS);
  const known: EntryRef[] = [];
  let at: Cursor = { incarnation: 'none yet', offset: 0 };
  let nowMs = NOW;
  let offset = 0;
  let steps = 0;

  /** Every call goes to the model and to one of two clients of the store, and both must answer the same. */
  async function both<T>(call: (target: Model) => Promise<T>): Promise<T> {
    const expected = await call(model);
    const actual = await call(clients[dice(2)]!);
    expect({ step: steps, answer: actual }).toEqual({ step: steps, answer: expected });
    return expected;
  }

  const someRefs = () =>
    Array.from({ length: dice(4) }, () => known[dice(known.length)]).filter((ref) => ref !== undefined);
  const webhook = () => `wh-${partition}-${dice(WEBHOOKS)}`;

  function randomChange(): ScheduleChange {
    const number = dice(DELIVERIES);
    const deliveryId = `dlv_${number}`;
    if (dice(5) === 0) return { kind: 'settled', deliveryId, offset: offset++ };
    const owner = { webhookId: `wh-${partition}-${number % WEBHOOKS}`, tenant: `tenant-${partition}-${number % 2}` };
    const sizeBytes = dice(3) === 0 ? 1_500 : 0;
    return wait(deliveryId, offset++, 1 + dice(4), nowMs - 50 + dice(100), sizeBytes, owner);
  }

  for (; steps < STEPS; steps++) {
    nowMs += dice(400) === 0 ? 90_000_000 : dice(40);
    const named = dice(12) === 0 ? { ...at, offset: at.offset + 1 } : at;
    switch (dice(12)) {
      case 0:
      case 1:
      case 2: {
        const changes = Array.from({ length: dice(10) }, randomChange);
        const next = { ...at, offset };
        const answer = await both((target) => target.apply(partition, named, changes, next.offset, nowMs));
        if (answer.kind === 'ok') at = next;
        break;
      }
      case 3:
      case 4:
      case 5: {
        const [limit, perWebhook] = [1 + dice(6), 1 + dice(4)];
        const request = { nowMs, limit, perWebhook, maxBytes: 20 + dice(2_500), claimMs: dice(100) };
        const answer = await both((target) => target.claim(partition, named, request));
        if (answer.kind === 'ok') known.push(...answer.value.entries.map(refOf));
        break;
      }
      case 6:
      case 7: {
        const marks = distinct(someRefs()).map((ref) => ({ ...ref, handedOverAt: dice(1_000) }));
        await both((target) => target.markHandedOver(partition, named, marks));
        break;
      }
      case 8: {
        const refs = distinct(someRefs());
        await both((target) => target.putBack(partition, named, refs, nowMs));
        break;
      }
      case 9: {
        const webhookIds = Array.from({ length: dice(3) }, webhook);
        const call = dice(2) === 0 ? 'hold' : 'release';
        await both((target) => target[call](partition, named, webhookIds));
        await both(async (target) => {
          const answer = await target.holds(partition, named);
          return answer.kind === 'ok' ? answer.value.toSorted() : answer;
        });
        break;
      }
      default: {
        const [committed, limit] = [dice(1_000), 1 + dice(5)];
        await both((target) => target.answered(partition, named, committed, limit));
        if (dice(8) === 0) {
          at = { incarnation: `incarnation-${steps}`, offset };
          await both((target) => target.reset(partition, at, nowMs));
        }
      }
    }
    await both((target) => target.counts(partition));
    if (dice(10) === 0) await both((target) => target.held(partition));
    if (dice(4) === 0) await both((target) => target.backlog({ webhookId: `wh-${partition}-${steps % WEBHOOKS}` }));
    if (dice(4) === 0) await both((target) => target.backlog({ tenant: `tenant-${partition}-${steps % 2}` }));
  }
}

/** The last one of each delivery. */
function distinct(refs: EntryRef[]): EntryRef[] {
  return [...new Map(refs.map((ref) => [ref.deliveryId, ref])).values()];
}
