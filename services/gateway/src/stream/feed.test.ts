import { Unavailable, systemClock } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createLog, createMetrics } from '@hookline/service-kit';
import { eventually } from '@hookline/testkit';
import { afterEach, expect, test } from '@jest/globals';
import { createGatewayMetrics } from '../metrics.ts';
import type { Outlet } from './client.ts';
import { createFeed, type Feed } from './feed.ts';

const SELECTION = { tenant: 't', webhooks: [], types: [], outcome: null };
const BOUNDS = { streams: 10, streamsPerTenant: 10, backlog: 1_000 };

let feed: Feed;
afterEach(() => feed.close());

/** A feed of a topic of one partition, whose end offset is asked of `ends`. */
function scene(ends: () => Promise<number[]>) {
  let closed = 0;
  const eventLog: Pick<EventLog, 'endOffsets' | 'offsetsAt' | 'follow'> = {
    endOffsets: ends,
    offsetsAt: () => Promise.resolve([0]),
    follow: () => Promise.resolve({ position: () => [0], close: async () => void closed++ }),
  };
  feed = createFeed({
    openEventLog: () => Promise.resolve(eventLog as EventLog),
    log: createLog('gateway', 'silent'),
    metrics: createGatewayMetrics(createMetrics('gateway')),
    clock: systemClock,
    bounds: BOUNDS,
  });
  return { closed: () => closed };
}

function createOutlet() {
  const got: string[] = [];
  const outlet: Outlet = {
    write: ({ entries }) => void got.push(...entries),
    tell: (what) => void got.push(what),
    bufferedBytes: () => 0,
    end: (reason) => void got.push(reason),
  };
  return { got, outlet };
}

test('whoever leaves while it is found out whether the cursor leads anywhere gets nothing', async () => {
  const asked = Promise.withResolvers<number[]>();
  let times = 0;
  scene(() => (times++ === 0 ? Promise.resolve([0]) : asked.promise));
  const place = await feed.open('t');
  const { got, outlet } = createOutlet();
  const begun = place.stream(outlet, SELECTION, [5]);
  place.leave();
  asked.resolve([0]);
  await expect(begun).rejects.toThrow(Unavailable);

  const other = createOutlet();
  await (await feed.open('t')).stream(other.outlet, SELECTION, undefined);
  // It tells everybody who is in it.
  await feed.close();
  expect(other.got).toEqual(['open', 'shutting_down']);
  expect(got).toEqual([]);
});

test('closing waits for no start, refuses whoever does, and closes what the start comes to', async () => {
  const asked = Promise.withResolvers<number[]>();
  const { closed } = scene(() => asked.promise);
  const opened = feed.open('t');
  const refused = expect(opened).rejects.toThrow('The gateway closes.');
  await feed.close();
  await refused;
  expect(closed()).toBe(0);
  asked.resolve([0]);
  await eventually(() => expect(closed()).toBe(1));
});
