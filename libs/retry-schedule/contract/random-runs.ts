import { expect, test } from '@jest/globals';
import type { Cursor, EntryRef, ScheduleChange } from '../src/index.ts';
import { createModel } from './model.ts';
import { NOW, refOf, type Scene } from './scene.ts';

const DELIVERIES = 12;
const STEPS = 250;

export function describeRandomRuns(scene: Scene): void {
  test.each([1, 2, 3, 4])('a random run gives what a simple model gives (seed %i)', async (seed) => {
    await runAgainstModel(scene, createDice(seed));
  });
}

async function runAgainstModel(scene: Scene, dice: Dice): Promise<void> {
  const partition = scene.unused();
  const model = createModel();
  const known: EntryRef[] = [];
  let at: Cursor = { incarnation: 'none yet', offset: 0 };
  let nowMs = NOW;
  let offset = 0;
  let steps = 0;

  /** Every call goes to the model and to one of two clients of the store, and both must answer the same. */
  async function both<T>(call: (target: ReturnType<typeof createModel>) => Promise<T>): Promise<T> {
    const expected = await call(model);
    const actual = await call(dice(2) === 0 ? scene.one : scene.other);
    expect({ step: steps, answer: actual }).toEqual({ step: steps, answer: expected });
    return expected;
  }

  const someRefs = () =>
    Array.from({ length: dice(4) }, () => known[dice(known.length)]).filter((ref) => ref !== undefined);

  for (; steps < STEPS; steps++) {
    nowMs += dice(40);
    const named = dice(12) === 0 ? { ...at, offset: at.offset + 1 } : at;
    switch (dice(10)) {
      case 0:
      case 1:
      case 2: {
        const changes = Array.from({ length: dice(8) }, () => randomChange(dice, offset++, nowMs));
        const next = { ...at, offset };
        const answer = await both((target) => target.apply(partition, named, changes, next.offset, nowMs));
        if (answer.kind === 'ok') at = next;
        break;
      }
      case 3:
      case 4:
      case 5: {
        const request = { nowMs, limit: 1 + dice(6), maxBytes: 20 + dice(2_500), claimMs: dice(100) };
        const answer = await both((target) => target.claim(partition, named, request));
        if (answer.kind === 'ok') known.push(...answer.value.map(refOf));
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
      default: {
        const [committed, limit] = [dice(1_000), 1 + dice(5)];
        await both((target) => target.answered(partition, named, committed, limit));
        if (dice(5) === 0) {
          at = { incarnation: `incarnation-${steps}`, offset };
          await both((target) => target.reset(partition, at, nowMs));
        }
      }
    }
    await both((target) => target.counts(partition));
    if (dice(10) === 0) await both((target) => target.held(partition));
  }
}

/** The last one of each delivery. */
function distinct(refs: EntryRef[]): EntryRef[] {
  return [...new Map(refs.map((ref) => [ref.deliveryId, ref])).values()];
}

function randomChange(dice: Dice, offset: number, nowMs: number): ScheduleChange {
  const deliveryId = `dlv_${dice(DELIVERIES)}`;
  if (dice(5) === 0) return { kind: 'settled', deliveryId, offset };
  const entry = Buffer.from(`${deliveryId}@${offset}`.padEnd(dice(3) === 0 ? 1_500 : 0, 'x'));
  return { kind: 'wait', deliveryId, offset, attempt: 1 + dice(4), dueAtMs: nowMs - 50 + dice(100), entry };
}

/** A whole number below `sides`, the same for the same seed. */
type Dice = (sides: number) => number;

function createDice(seed: number): Dice {
  let state = seed;
  return (sides) => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}
