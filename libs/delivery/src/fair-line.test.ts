import { describe, expect, test } from '@jest/globals';
import { charge, createGroup, FairLine, type Group, type Turn } from './fair-line.ts';

interface Queue extends Turn {
  name: string;
  group: TestGroup;
  cost: number;
}

interface TestGroup extends Group<Queue> {
  mayBeServed: boolean;
}

describe('fair line', () => {
  test('tenants have even shares, however many webhooks they have, and of a tenant its webhooks', () => {
    const { add, serve } = scene();
    add('few', ['f1', 'f2']);
    add(
      'many',
      Array.from({ length: 100 }, (_, index) => `m${index}`),
    );
    add('one', ['o1']);
    const served = serve(6_000);
    expect(sum(served, 'f')).toBe(2_000);
    expect(sum(served, 'm')).toBe(2_000);
    expect(sum(served, 'o')).toBe(2_000);
    expect([served.get('f1'), served.get('f2')]).toEqual([1_000, 1_000]);
    for (let index = 0; index < 100; index++) expect(served.get(`m${index}`)).toBe(20);
  });

  test('shares are even in what is taken, not in how often', () => {
    const { add, serve } = scene();
    add('small', ['s1', 's2']);
    add('large', ['l1', 'l2'], 17);
    add('mixed', ['x1'], 3);
    const served = serve(30_000);
    for (const [name, share] of [
      ['s', sum(served, 's')],
      ['l', sum(served, 'l')],
      ['x', sum(served, 'x')],
    ] as const) {
      expect([name, share / 10_000]).toEqual([name, expect.closeTo(1, 1)]);
    }
  });

  test('who has nothing to do saves nothing up', () => {
    const { add, serve, line } = scene();
    add('early', ['e1']);
    serve(1_000);
    add('late', ['l1']);
    const served = serve(100);
    expect(served.get('l1')).toBe(50);
    expect(line.next()).toBeDefined();
  });

  test('a group that may not be served leaves the line with all that is in it, and comes back when it rejoins', () => {
    const { add, serve, line } = scene();
    const shut = add('shut', ['s1', 's2']);
    add('open', ['o1']);
    shut.mayBeServed = false;
    expect([...serve(10).keys()]).toEqual(['o1']);
    shut.mayBeServed = true;
    expect([...serve(10).keys()]).toEqual(['o1']);
    line.rejoin(shut);
    line.rejoin(shut);
    expect(serve(100)).toEqual(
      new Map([
        ['s1', 25],
        ['s2', 25],
        ['o1', 50],
      ]),
    );
  });

  test('an empty line has nobody’s turn', () => {
    const { add, line } = scene();
    expect(line.next()).toBeUndefined();
    add('a', ['a1']);
    expect(line.next()?.name).toBe('a1');
    expect(line.next()).toBeUndefined();
  });
});

/** Queues that always have more to do; each time one is served it takes its cost. */
function scene() {
  const line = new FairLine<Queue, TestGroup>((group) => group.mayBeServed);
  return {
    line,
    add: (_tenant: string, names: string[], cost = 1): TestGroup => {
      const group = { ...createGroup<Queue>(), mayBeServed: true };
      for (const name of names) line.join({ name, group, cost, balance: 0 }, group);
      return group;
    },
    /** What each has taken when all together have taken `most`. */
    serve: (most: number): Map<string, number> => {
      const taken = new Map<string, number>();
      for (let all = 0; all < most;) {
        const queue = line.next() as Queue;
        charge(queue, queue.cost);
        charge(queue.group, queue.cost);
        taken.set(queue.name, (taken.get(queue.name) ?? 0) + queue.cost);
        all += queue.cost;
        line.join(queue, queue.group);
      }
      return taken;
    },
  };
}

function sum(taken: Map<string, number>, prefix: string): number {
  let total = 0;
  for (const [name, count] of taken) if (name.startsWith(prefix)) total += count;
  return total;
}
