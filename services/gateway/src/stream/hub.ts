import { createBacklog, type Backlog } from './backlog.ts';
import { createClient, type Client, type EndReason, type Outlet } from './client.ts';
import type { Entry } from './entry.ts';
import { frameOf, type Frame } from './frame.ts';
import { createRoom } from './room.ts';
import { selectionKey, type Selection } from './selection.ts';

/** Gives what is read of the log to all who listen. */
export interface Hub {
  readonly backlog: Pick<Backlog, 'position'>;
  add(entries: readonly Entry[]): void;
  /** @param cursor undefined: from now on */
  join(outlet: Outlet, selection: Selection, cursor: readonly number[] | undefined): Client;
  leave(client: Client): void;
  beat(): void;
  /** Ends every client's stream. */
  end(reason: EndReason): void;
}

/** What comes within it goes out together. With many clients it is longer: nearly all that an entry costs then is the writing. */
const GATHER_MS = 50;
const GATHER_MS_PER_CLIENT = 0.2;
const MOST_GATHER_MS = 250;
const PAGE_ENTRIES = 200;
const MAX_BACKLOG_BYTES = 64 * 1024 * 1024;
/** The latest pages' frames are kept for whoever wants the same. */
const SHARED_PAGES = 8;

/** @param from where the log was begun to be read @param maxEntries how many of the latest are kept @param onEnd for each stream that is ended from here */
export function createHub(from: readonly number[], maxEntries: number, onEnd: (reason: EndReason) => void): Hub {
  const backlog = createBacklog(from, { pageEntries: PAGE_ENTRIES, maxEntries, maxBytes: MAX_BACKLOG_BYTES });
  const clients = new Set<Client>();
  const room = createRoom(clients);
  const frames = new Map<number, Map<string, Frame | null>>();
  let waiting: Entry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let ended: EndReason | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    backlog.add(waiting);
    waiting = [];
    for (const number of frames.keys()) if (!isShared(number)) frames.delete(number);
    for (const client of clients) client.pump();
  }

  const isShared = (number: number) => number >= backlog.next() - SHARED_PAGES;

  function sharedFrame(number: number, key: string, selection: Selection): Frame | null {
    const page = backlog.page(number);
    if (page === undefined) return null;
    if (!isShared(number)) return frameOf(page, selection);
    let ofPage = frames.get(number);
    if (ofPage === undefined) frames.set(number, (ofPage = new Map<string, Frame | null>()));
    let frame = ofPage.get(key);
    if (frame === undefined) ofPage.set(key, (frame = frameOf(page, selection)));
    return frame;
  }

  return {
    backlog,
    add(entries) {
      if (entries.length === 0) return;
      waiting.push(...entries);
      if (waiting.length >= PAGE_ENTRIES) flush();
      else timer ??= setTimeout(flush, Math.min(MOST_GATHER_MS, GATHER_MS + clients.size * GATHER_MS_PER_CLIENT));
    },
    join(outlet, selection, cursor) {
      flush();
      const key = selectionKey(selection);
      const shared = (number: number) => sharedFrame(number, key, selection);
      const client = createClient({ backlog, outlet, selection, cursor, shared, room, onEnd });
      clients.add(client);
      client.pump();
      if (ended !== undefined) client.end(ended);
      return client;
    },
    leave: (client) => void clients.delete(client),
    beat() {
      for (const client of clients) client.beat();
    },
    end(reason) {
      ended = reason;
      clearTimeout(timer);
      for (const client of clients) client.end(reason);
      clients.clear();
    },
  };
}
