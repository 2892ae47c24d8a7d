import { describe, expect, test } from '@jest/globals';
import { createBacklog } from './backlog.ts';
import { createClient, type EndReason, type Outlet } from './client.ts';
import { encodeCursor } from './cursor.ts';
import type { Entry } from './entry.ts';
import { frameOf } from './frame.ts';

const SELECTION = { tenant: 't', webhooks: [], types: [], outcome: null };
const FULL = 1_000_000;

function entry(partition: number, offset: number, tenant = 't'): Entry {
  const what = { webhookId: 'wh_1', type: 'a.b', outcome: 'succeeded', timestampMs: 0 } as const;
  return { ...what, tenant, partition, offset, json: `"${partition}/${offset}"` };
}

/** A client whose outlet keeps what it gets, and is full when told to be. */
function scene(cursor?: readonly number[], { maxEntries = 100, before = [] as Entry[] } = {}) {
  const backlog = createBacklog([0, 0], { pageEntries: 2, maxEntries, maxBytes: FULL });
  backlog.add(before);
  const got: string[] = [];
  const cursors: string[] = [];
  const ended: EndReason[] = [];
  const outlet: Outlet & { buffered: number } = {
    buffered: 0,
    write(frame: { entries: readonly string[]; cursor: string }) {
      got.push(...frame.entries.map((json) => JSON.parse(json) as string));
      cursors.push(frame.cursor);
    },
    tell: (what: string, at: string) => void got.push(`${what} ${at}`),
    bufferedBytes: () => outlet.buffered,
    end: (reason: string) => void got.push(`end ${reason}`),
  };
  const client = createClient({
    backlog,
    outlet,
    selection: SELECTION,
    cursor,
    shared: (number) => frameOf(backlog.page(number)!, SELECTION),
    room: { isLeft: () => true, take() {} },
    onEnd: (reason) => ended.push(reason),
  });
  const add = (...entries: Entry[]) => {
    backlog.add(entries);
    client.pump();
  };
  client.pump();
  return { add, client, cursors, ended, got, outlet };
}

test('without a cursor it gets what comes from now on, and only what is selected', () => {
  const { add, got } = scene(undefined, { before: [entry(0, 0)] });
  add(entry(0, 1), entry(0, 2, 'other'), entry(1, 0));
  expect(got).toEqual([`open ${encodeCursor([1, 0])}`, '0/1', '1/0']);
});

describe('with a cursor', () => {
  const before = [entry(0, 0), entry(1, 0), entry(0, 1), entry(1, 1), entry(0, 2)];

  test('it gets what it has not seen, each once, in order', () => {
    const { add, got, cursors } = scene([1, 1], { before });
    add(entry(1, 2));
    expect(got).toEqual([`open ${encodeCursor([1, 1])}`, '0/1', '1/1', '0/2', '1/2']);
    expect(cursors).toEqual(
      [
        [2, 2],
        [3, 2],
        [3, 3],
      ].map(encodeCursor),
    );
  });

  test('that is ahead of what has been read here it gets nothing twice', () => {
    const { add, got } = scene([4, 2], { before });
    add(entry(0, 3), entry(1, 2));
    add(entry(0, 4));
    expect(got).toEqual([`open ${encodeCursor([4, 2])}`, '1/2', '0/4']);
  });

  test('that is too old it is told so, and gets what there is', () => {
    const { got } = scene([0, 0], { before, maxEntries: 3 });
    expect(got).toEqual([`gap ${encodeCursor([0, 0])}`, `open ${encodeCursor([0, 0])}`, '0/1', '1/1', '0/2']);
  });

  test('every cursor on the way leads to the rest', () => {
    const { got, cursors } = scene([0, 0], { before });
    for (const [index, cursor] of cursors.entries()) {
      const position = cursor.split('.').map((part) => Number.parseInt(part, 36));
      expect(scene(position, { before }).got.slice(1)).toEqual(got.slice(1 + 2 * (index + 1)));
    }
  });
});

describe('a client that reads slowly', () => {
  test('is given the rest when there is room, and nothing is missing', () => {
    const { add, client, got, outlet } = scene();
    outlet.buffered = FULL;
    add(entry(0, 0));
    add(entry(0, 1));
    expect(got).toHaveLength(1);
    outlet.buffered = 0;
    client.pump();
    expect(got.slice(1)).toEqual(['0/0', '0/1']);
  });

  test('is ended when what it should get is gone', () => {
    const { add, client, got, ended, outlet } = scene(undefined, { maxEntries: 2 });
    outlet.buffered = FULL;
    for (let offset = 0; offset < 5; offset++) add(entry(0, offset));
    outlet.buffered = 0;
    client.pump();
    client.pump();
    expect(got.slice(1)).toEqual(['end too_slow']);
    expect(ended).toEqual(['too_slow']);
  });

  test('is ended when it has taken nothing from one sign of life to the next', () => {
    const { add, client, ended, outlet } = scene();
    outlet.buffered = 10;
    add(entry(0, 0));
    client.beat();
    outlet.buffered = 5;
    client.beat();
    expect(ended).toEqual([]);
    client.beat();
    expect(ended).toEqual(['too_slow']);
  });
});

test('a sign of life says where it is', () => {
  const { add, client, got } = scene();
  add(entry(0, 0, 'other'));
  client.beat();
  expect(got.at(-1)).toBe(`heartbeat ${encodeCursor([1, 0])}`);
});
