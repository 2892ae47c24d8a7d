import { expect, test } from '@jest/globals';
import { createUses } from './uses.ts';

test('the connection ends when its last use is over, and once', async () => {
  const events: string[] = [];
  const uses = createUses(async () => void events.push('disconnected'));
  const gate = Promise.withResolvers<string>();
  const answer = uses.run(() => gate.promise);
  const failing = uses.run(() => Promise.reject(new Error('down')));
  await expect(failing).rejects.toThrow('down');
  const ended = uses.end();
  void ended.then(() => events.push('ended'));
  await Promise.resolve();
  expect(events).toEqual([]);
  gate.resolve('answer');
  expect(await answer).toBe('answer');
  await Promise.all([ended, uses.end()]);
  expect(events).toEqual(['disconnected', 'ended']);
});

test('a disconnection that fails is no matter', async () => {
  await createUses(() => Promise.reject(new Error('gone already'))).end();
});
