import type { Backlog, Page } from './backlog.ts';
import { encodeCursor } from './cursor.ts';
import { frameFrom, type Frame } from './frame.ts';
import type { Room } from './room.ts';
import type { Selection } from './selection.ts';

export const END_REASONS = ['shutting_down', 'too_slow', 'token_ended', 'interrupted'] as const;

/** Why a stream ended. */
export type EndReason = (typeof END_REASONS)[number];

/** What a client is sent through. */
export interface Outlet {
  write(frame: Frame): void;
  /** `open`: first of all, where the stream begins; `gap`: what came before is not held any more; `heartbeat`: nothing has happened. */
  tell(what: 'open' | 'gap' | 'heartbeat', cursor: string): void;
  /** What has been written and not gone out. */
  bufferedBytes(): number;
  /** @param detail for people */
  end(reason: EndReason, detail: string): void;
}

export interface Client {
  /** Hands over what there is, as far as the outlet takes it; to be called when there is more, and when the outlet has drained. */
  pump(): void;
  /** To be called in equal steps: a sign of life, and the end for whoever has taken nothing since the last one. */
  beat(): void;
  /** What it holds; nothing once it is ended, which frees it. */
  bufferedBytes(): number;
  end(reason: EndReason): void;
}

export interface ClientDeps {
  backlog: Backlog;
  outlet: Outlet;
  selection: Selection;
  /** Undefined: from now on. */
  cursor: readonly number[] | undefined;
  /** What a page has for the selection; clients that want the same share it. */
  shared: (number: number) => Frame | null;
  room: Room;
  /** When it is ended from here. */
  onEnd: (reason: EndReason) => void;
}

/** Past it a client is given nothing more until some has gone out: what it misses meanwhile is in the backlog, while that holds it. */
const MAX_BUFFERED_BYTES = 256 * 1024;

const DETAILS: Record<EndReason, string> = {
  shutting_down: 'This server closes: connect again, with the cursor.',
  too_slow:
    'You read more slowly than there is to read: choose less, or read faster, and connect again with the cursor.',
  token_ended: 'The token is not valid any more: connect again with another one, with the cursor.',
  interrupted: 'The log could not be read any further: connect again, with the cursor.',
};

/** One reader of the backlog, at its own pace. */
export function createClient({ backlog, outlet, selection, cursor, shared, room, onEnd }: ClientDeps): Client {
  const found = cursor === undefined ? { page: backlog.next(), complete: true } : backlog.find(cursor);
  const begun = encodeCursor(cursor ?? backlog.position());
  let next = found.page;
  /** What it had seen when it came, until what it reads is past that. */
  let seen = cursor;
  let ended = false;
  let atBeat = { next: -1, buffered: 0 };
  if (!found.complete) outlet.tell('gap', begun);
  outlet.tell('open', begun);

  function end(reason: EndReason): void {
    if (ended) return;
    ended = true;
    onEnd(reason);
    outlet.end(reason, DETAILS[reason]);
  }

  /** Of the page that is next. */
  function takeFrame(page: Page): Frame | null {
    if (seen === undefined) return shared(next);
    const frame = frameFrom(page, selection, seen);
    if (isPast(page.position, seen)) seen = undefined;
    return frame;
  }

  function write(frame: Frame): void {
    const before = outlet.bufferedBytes();
    outlet.write(frame);
    room.take(outlet.bufferedBytes() - before);
  }

  return {
    end,
    bufferedBytes: () => (ended ? 0 : outlet.bufferedBytes()),

    pump() {
      while (!ended && next < backlog.next() && outlet.bufferedBytes() < MAX_BUFFERED_BYTES && room.isLeft()) {
        const page = backlog.page(next);
        if (page === undefined) return end('too_slow');
        const frame = takeFrame(page);
        next++;
        if (frame !== null) write(frame);
      }
    },

    beat() {
      if (ended) return;
      const buffered = outlet.bufferedBytes();
      if (buffered > 0 && next === atBeat.next && buffered >= atBeat.buffered) return end('too_slow');
      atBeat = { next, buffered };
      const position = seen ?? backlog.position();
      if (buffered === 0 && next === backlog.next()) outlet.tell('heartbeat', encodeCursor(position));
    },
  };
}

function isPast(position: readonly number[], seen: readonly number[]): boolean {
  return position.every((offset, partition) => offset >= (seen[partition] ?? 0));
}
