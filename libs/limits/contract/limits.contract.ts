import { describe } from '@jest/globals';
import { describeBreakers } from './breakers.ts';
import { describeDeduplication } from './deduplication.ts';
import { describeDeduplicationBounds } from './deduplication-bounds.ts';
import { describeRates } from './rates.ts';
import { describeSlots } from './slots.ts';
import { createScene, type LimitsHarness } from './scene.ts';
import { describeTallies } from './tallies.ts';

export type { LimitsHarness, StoreOptions } from './scene.ts';

/** What all limits keep. */
export function describeLimits(name: string, harness: LimitsHarness): void {
  describe(`limits: ${name}`, () => {
    const scene = createScene(harness);
    describeRates(scene);
    describeSlots(scene);
    describeTallies(scene);
    describeBreakers(scene);
    describeDeduplication(scene);
    describeDeduplicationBounds(scene);
  });
}
