import { expect, test } from '@jest/globals';
import { taskStatus } from './task-status.ts';

test.each([
  [[], 'PENDING'],
  [['succeeded', 'pending'], 'PENDING'],
  [['dead', 'retrying'], 'RETRY'],
  [['deferred'], 'RETRY'],
  [['succeeded', 'succeeded'], 'SUCCESS'],
  [['succeeded', 'dead'], 'FAILURE'],
  [['expired'], 'FAILURE'],
  [['cancelled'], 'FAILURE'],
])('%j is %s', (states, status) => {
  expect(taskStatus(states.map((state) => ({ state })))).toBe(status);
});
