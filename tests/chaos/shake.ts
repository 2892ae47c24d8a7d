import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@hookline/testkit';
import type { ServiceCopy } from '../../tools/platform/copy.ts';

/** So many dispatchers, of which the first runs when the run begins. */
export const DISPATCHERS = 4;
/** Between two changes. */
export const GAP_MS = 3_000;

/** One after the other join; then, in each round, one is killed, one leaves, two are killed at once; and all come again. `before` is told of each change. */
export async function shakeDispatchers(
  dispatchers: readonly ServiceCopy[],
  rounds: number,
  random: Random,
  before: (what: string) => Promise<void>,
): Promise<void> {
  async function change(what: string, step: () => Promise<unknown>): Promise<void> {
    await before(what);
    await step();
    await sleep(GAP_MS);
  }

  for (const copy of dispatchers.slice(1)) await change('one joins', () => copy.start());
  for (let round = 0; round < rounds; round++) {
    const [first, second, third, fourth] = random.shuffle(dispatchers) as [
      ServiceCopy,
      ServiceCopy,
      ServiceCopy,
      ServiceCopy,
    ];
    await change('one killed', () => first.kill());
    await change('it comes again', () => first.start());
    await change('one told to go', () => second.stop());
    await change('two killed at once', () => Promise.all([third.kill(), fourth.kill()]));
    await change('three come at once', () => Promise.all([second.start(), third.start(), fourth.start()]));
  }
}
