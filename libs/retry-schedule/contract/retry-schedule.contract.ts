import { describe } from '@jest/globals';
import { describeApply } from './apply.ts';
import { describeBounds } from './bounds.ts';
import { describeClaims } from './claims.ts';
import { describeConcurrency } from './concurrency.ts';
import { describeCursor } from './cursor.ts';
import { describeFull } from './full.ts';
import { describeHandOver } from './hand-over.ts';
import { describeHolds } from './holds.ts';
import { describeRandomRuns } from './random-runs.ts';
import { createScene, type RetryScheduleHarness } from './scene.ts';

export { PARTITIONS, type RetryScheduleHarness } from './scene.ts';

/** What every retry schedule keeps. */
export function describeRetrySchedule(name: string, harness: RetryScheduleHarness): void {
  describe(`retry schedule: ${name}`, () => {
    const scene = createScene(harness);
    describeCursor(scene);
    describeApply(scene);
    describeClaims(scene);
    describeHandOver(scene);
    describeHolds(scene);
    describeBounds(scene);
    describeConcurrency(scene);
    describeRandomRuns(scene);
    if (harness.fill !== undefined) describeFull(scene, harness.fill);
  });
}
