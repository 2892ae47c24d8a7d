import { expect, test } from '@jest/globals';
import { createWake } from './wake.ts';

test('a ring before the wait is not lost, and is used up by it', async () => {
  const wake = createWake();
  wake.ring();
  wake.ring();
  await wake.wait(60_000);
  const startedAt = performance.now();
  await wake.wait(20);
  expect(performance.now() - startedAt).toBeGreaterThan(15);
});

test('a ring ends the wait', async () => {
  const wake = createWake();
  const waiting = wake.wait(60_000);
  wake.ring();
  await waiting;
});
