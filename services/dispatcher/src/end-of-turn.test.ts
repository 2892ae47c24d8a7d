import { describe, expect, test } from '@jest/globals';
import { atEndOfTurn } from './end-of-turn.ts';

describe('the end of a turn', () => {
  test('gives what came in it, in that order, and what comes meanwhile in the next', async () => {
    const given: string[] = [];
    const take = atEndOfTurn<string>(
      (item) => {
        given.push(item);
        if (item === 'a') take('later');
      },
      (error) => {
        throw error;
      },
    );
    take('a');
    take('b');
    expect(given).toEqual([]);
    await turn();
    expect(given).toEqual(['a', 'b']);
    await turn();
    expect(given).toEqual(['a', 'b', 'later']);
  });

  test('gives the rest where one fails', async () => {
    const given: string[] = [];
    const failures: string[] = [];
    const take = atEndOfTurn<string>(
      (item) => {
        if (item === 'bad') throw new Error('it is bad');
        given.push(item);
      },
      ({ message }) => failures.push(message),
    );
    for (const item of ['a', 'bad', 'b']) take(item);
    await turn();
    expect(given).toEqual(['a', 'b']);
    expect(failures).toEqual(['it is bad']);
  });
});

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
