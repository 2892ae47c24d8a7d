import { describe, expect, test } from '@jest/globals';
import { createLanes, createTenant, QUICK, SLOW, UNKNOWN, type Lane, type Laned, type Tenant } from './lanes.ts';

describe('places', () => {
  test.each([
    ['one tenant', 1],
    ['ten tenants', 10],
    ['a thousand tenants', 1_000],
  ])('10,000 slow webhooks of %s leave half for the others', (_, tenants) => {
    const { fill, join, serve } = scene();
    fill(SLOW, tenants, 10_000 / tenants);
    const slow = serve();
    expect(slow).toBeGreaterThan(400);
    expect(slow).toBeLessThanOrEqual(512);
    const unknown = createTenant('unknown');
    join(UNKNOWN, unknown);
    const quick = createTenant('quick');
    for (let webhook = 0; webhook < 100; webhook++) join(QUICK, quick);
    expect(serve()).toBe(101);
  });

  test('10,000 webhooks that nothing is known of leave a quarter for those that answer quickly', () => {
    const { fill, join, serve } = scene();
    fill(UNKNOWN, 1_000, 10);
    expect(serve()).toBe(768);
    const quick = createTenant('quick');
    for (let webhook = 0; webhook < 100; webhook++) join(QUICK, quick);
    expect(serve()).toBe(100);
  });

  test('a tenant alone has most of a lane, and leaves some to the next one', () => {
    const { fill, join, serve, lanes } = scene();
    const [tenant] = fill(SLOW, 1, 2_000);
    serve();
    expect(lanes.taken()[SLOW]).toBe(410);
    const other = createTenant('other');
    for (let webhook = 0; webhook < 50; webhook++) join(SLOW, other);
    serve();
    expect(other.lanes[SLOW]!.places).toBe(50);
    expect(tenant!.lanes[SLOW]!.places).toBe(410);
  });

  test('who left the line because of its tenant’s share is back when that gives a place back', () => {
    const { fill, serve, lanes, queues } = scene();
    fill(SLOW, 1, 2_000);
    serve();
    const before = lanes.taken()[SLOW]!;
    const first = queues.find(({ places }) => places > 0)!;
    lanes.giveBack(first, 1);
    expect(serve()).toBe(1);
    expect(lanes.taken()[SLOW]).toBe(before);
    expect(queues.filter(({ places }) => places > 1)).toEqual([]);
  });

  test('and when others give theirs back, whatever becomes of its own', () => {
    const { join, serve, lanes } = scene();
    const hanging = createTenant('hanging');
    for (let webhook = 0; webhook < 100; webhook++) join(SLOW, hanging);
    expect(serve()).toBe(100);
    const others = Array.from({ length: 920 }, (_, n) => join(QUICK, createTenant(`other ${n}`)));
    expect(serve()).toBe(920);
    const queue = join(QUICK, hanging);
    expect(serve()).toBe(0);
    for (const other of others.slice(0, 10)) lanes.giveBack(other, 1);
    expect([serve(), queue.places]).toEqual([0, 0]);
    for (const other of others.slice(10)) lanes.giveBack(other, 1);
    expect([serve(), queue.places]).toEqual([1, 1]);
  });

  test('what a queue has goes with it to another lane', () => {
    const { fill, serve, lanes, queues } = scene();
    fill(UNKNOWN, 1, 100);
    serve();
    for (const queue of queues) lanes.move(queue, SLOW);
    expect(lanes.taken()).toEqual([0, 0, 100]);
    for (const queue of queues) lanes.giveBack(queue, 1);
    expect(lanes.taken()).toEqual([0, 0, 0]);
  });

  test('even with one place there is one for each', () => {
    for (const lane of [QUICK, UNKNOWN, SLOW]) {
      const { fill, serve } = scene(1);
      fill(lane, 1, 1);
      expect([lane, serve()]).toEqual([lane, 1]);
    }
  });
});

/** Queues that take one place when it is their turn, and then wait for its end. */
function scene(places = 1_024) {
  const lanes = createLanes<Laned>(places);
  const queues: Laned[] = [];

  function join(lane: Lane, tenant: Tenant): Laned {
    const queue: Laned = { tenant, lane, places: 0, balance: 0 };
    queues.push(queue);
    lanes.join(queue);
    return queue;
  }

  return {
    lanes,
    queues,
    join,
    fill: (lane: Lane, tenants: number, webhooks: number): Tenant[] => {
      const made = Array.from({ length: tenants }, (_, index) => createTenant(`tenant ${index}`));
      for (const tenant of made) for (let webhook = 0; webhook < webhooks; webhook++) join(lane, tenant);
      return made;
    },
    /** How many got a place. */
    serve: (): number => {
      let served = 0;
      for (let queue = lanes.next(); queue !== undefined; queue = lanes.next(), served++) {
        lanes.take(queue, 1);
      }
      return served;
    },
  };
}
