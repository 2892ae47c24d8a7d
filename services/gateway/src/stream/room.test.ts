import { eventually } from '@hookline/testkit';
import { expect, test } from '@jest/globals';
import type { Outlet } from './client.ts';
import type { Entry } from './entry.ts';
import { createHub } from './hub.ts';

const SELECTION = { tenant: 't', webhooks: [], types: [], outcome: null };
const MIB = 1024 * 1024;

/** As many as the hub gives on at once. */
function page(): Entry[] {
  const what = { tenant: 't', webhookId: 'wh_1', type: 'a.b', outcome: 'succeeded', timestampMs: 0 } as const;
  return Array.from({ length: 200 }, (_, offset) => ({ ...what, partition: 0, offset, json: '{}' }));
}

/** Whose outlets hold so many bytes of what is written to them, and whether that goes out when the event loop turns. */
function scene(clients: { holdsBytes: number; goesOut?: boolean }[]) {
  const hub = createHub([0], 1_000, () => {});
  const held = clients.map(() => 0);
  let most = 0;
  const got = clients.map(({ holdsBytes, goesOut = false }, index) => {
    const told: string[] = [];
    const outlet: Outlet = {
      write({ entries }) {
        told.push(`${entries.length} entries`);
        held[index]! += holdsBytes;
        most = Math.max(
          most,
          held.reduce((sum, bytes) => sum + bytes),
        );
        if (goesOut) process.nextTick(() => (held[index]! -= holdsBytes));
      },
      tell() {},
      bufferedBytes: () => held[index]!,
      end(reason) {
        told.push(reason);
        held[index] = 0;
      },
    };
    hub.join(outlet, SELECTION, undefined);
    return told;
  });
  return { hub, got, most: () => most };
}

test('when all streams hold too much together, those that hold the most end, and the others get theirs', async () => {
  const sizes = [4, 20, 1, 30, 15, 2];
  const { hub, got, most } = scene(sizes.map((size) => ({ holdsBytes: size * MIB })));
  hub.add(page());
  await eventually(() => expect(got.every(({ length }) => length > 0)).toBe(true));
  expect(got).toEqual(
    sizes.map((size) => (size === 30 || size === 20 ? ['200 entries', 'too_slow'] : ['200 entries'])),
  );
  expect(most()).toBeLessThanOrEqual(70 * MIB);
});

test('streams whose connections take what they are given go on, however much that is together', async () => {
  const clients = Array.from({ length: 20 }, () => ({ holdsBytes: 30 * MIB, goesOut: true }));
  const { hub, got, most } = scene(clients);
  hub.add(page());
  await eventually(() => expect(got).toEqual(clients.map(() => ['200 entries'])));
  expect(most()).toBeLessThanOrEqual(94 * MIB);
});
