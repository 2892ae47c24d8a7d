import { describe, expect, test } from '@jest/globals';
import { joinCalls } from './join-calls.ts';

function scene() {
  const begun: PromiseWithResolvers<number>[] = [];
  const joined = joinCalls(() => {
    const call = Promise.withResolvers<number>();
    begun.push(call);
    return call.promise;
  });
  return { begun, joined };
}

describe('joinCalls', () => {
  test('callers during a call share the next one, which begins after it', async () => {
    const { begun, joined } = scene();
    const first = joined('a');
    const others = [joined('a'), joined('a'), joined('a')];
    expect(begun).toHaveLength(1);
    begun[0]!.resolve(1);
    expect(await first).toBe(1);
    expect(begun).toHaveLength(2);
    begun[1]!.resolve(2);
    expect(await Promise.all(others)).toEqual([2, 2, 2]);
  });

  test('a caller during the second call gets a third', async () => {
    const { begun, joined } = scene();
    const first = joined('a');
    const second = joined('a');
    begun[0]!.resolve(1);
    await first;
    await Promise.resolve();
    const third = joined('a');
    begun[1]!.resolve(2);
    expect(await second).toBe(2);
    expect(begun).toHaveLength(3);
    begun[2]!.resolve(3);
    expect(await third).toBe(3);
  });

  test('keys do not wait for each other, and a call after all is quiet begins at once', async () => {
    const { begun, joined } = scene();
    const answers = [joined('a'), joined('b')];
    expect(begun).toHaveLength(2);
    begun.forEach((call, index) => call.resolve(index));
    expect(await Promise.all(answers)).toEqual([0, 1]);
    void joined('a');
    expect(begun).toHaveLength(3);
  });

  test('a failure reaches its callers only', async () => {
    const { begun, joined } = scene();
    const first = joined('a');
    const second = joined('a');
    begun[0]!.reject(new Error('down'));
    await expect(first).rejects.toThrow('down');
    begun[1]!.resolve(5);
    expect(await second).toBe(5);
  });
});
