import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createDeadlines, Timed, type Deadlines } from './deadlines.ts';

class Item extends Timed {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
}

describe('deadlines', () => {
  let expired: string[];
  let then: (item: Item) => void;
  let deadlines: Deadlines<Item>;

  beforeEach(() => {
    jest.useFakeTimers();
    expired = [];
    then = () => {};
    deadlines = createDeadlines<Item>((item) => {
      expired.push(item.name);
      then(item);
    });
  });

  afterEach(() => {
    deadlines.close();
    jest.useRealTimers();
  });

  function set(name: string, afterMs: number): Item {
    const item = new Item(name);
    deadlines.set(item, performance.now() + afterMs);
    return item;
  }

  test('come in their order, each once, never early and a little late at most', () => {
    set('b', 200);
    set('a', 100);
    jest.advanceTimersByTime(99);
    expect(expired).toEqual([]);
    jest.advanceTimersByTime(101);
    expect(expired[0]).toBe('a');
    jest.advanceTimersByTime(100);
    expect(expired).toEqual(['a', 'b']);
  });

  test('that are cleared do not come; clearing again does nothing', () => {
    const [a, , c] = ['a', 'b', 'c'].map((name) => set(name, 100));
    deadlines.clear(a!);
    deadlines.clear(a!);
    deadlines.clear(c!);
    expect(deadlines.all().map(({ name }) => name)).toEqual(['b']);
    jest.advanceTimersByTime(1_000);
    expect(expired).toEqual(['b']);
    deadlines.clear(c!);
  });

  test('can be set anew, also while others come', () => {
    const a = set('a', 100);
    deadlines.set(a, performance.now() + 500);
    const late = set('late', 100);
    const cleared = set('cleared', 100);
    then = (item) => {
      if (item === late && expired.length === 1) deadlines.set(item, performance.now());
      deadlines.clear(cleared);
    };
    jest.advanceTimersByTime(200);
    expect(expired).toEqual(['late', 'late']);
    jest.advanceTimersByTime(400);
    expect(expired).toEqual(['late', 'late', 'a']);
  });

  test('that have passed already come at the next turn', () => {
    set('a', -1_000);
    jest.advanceTimersByTime(100);
    expect(expired).toEqual(['a']);
  });

  test('leave no timer behind', () => {
    deadlines.clear(set('a', 100));
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(500);
    expect(jest.getTimerCount()).toBe(0);
  });
});
