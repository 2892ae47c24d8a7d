import { expect, test } from '@jest/globals';
import { eventually } from './wait.ts';

test('eventually returns what the assertion returns once it holds', async () => {
  let calls = 0;
  const result = await eventually(
    () => {
      calls += 1;
      expect(calls).toBe(4);
      return 'held';
    },
    { everyMs: 1 },
  );
  expect([result, calls]).toEqual(['held', 4]);
});

test('eventually throws the last failure as it was when time is up', async () => {
  const failure = new Error('still wrong');
  const startedMs = performance.now();
  await expect(eventually(() => Promise.reject(failure), { timeoutMs: 60, everyMs: 5 })).rejects.toBe(failure);
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(55);
});
