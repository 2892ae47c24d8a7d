import { describe } from '@jest/globals';
import { describeAppend } from './append.contract.ts';
import { describeConsume } from './consume.contract.ts';
import { describeFollow } from './follow.contract.ts';
import { describeGroup } from './group.contract.ts';
import { useScene, type EventLogHarness } from './scene.ts';
import { describeTopics } from './topics.contract.ts';

export type { EventLogHarness } from './scene.ts';

/** The specification of the event log, run against every adapter on its real store. */
export function describeEventLog(name: string, harness: EventLogHarness): void {
  describe(`event log: ${name}`, () => {
    const scene = useScene(harness);
    describeAppend(scene);
    describeConsume(scene);
    describeGroup(scene);
    describeFollow(scene);
    describeTopics(scene);
  });
}
