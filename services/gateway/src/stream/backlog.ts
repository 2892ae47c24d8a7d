import { encodeCursor } from './cursor.ts';
import type { Entry } from './entry.ts';

/** Some entries, in the order in which they were read. */
export interface Page {
  entries: readonly Entry[];
  /** Where whoever has seen it, and what came before it, is. */
  position: readonly number[];
  cursor: string;
  sizeBytes: number;
}

export interface BacklogBounds {
  pageEntries: number;
  maxEntries: number;
  maxBytes: number;
}

/** The latest of what happened, of all tenants, in pages with numbers that go up by one; the oldest go when there is no room. */
export interface Backlog {
  /** Numbers of the oldest page held and of the page to come. */
  first(): number;
  next(): number;
  page(number: number): Page | undefined;
  /** Where the next page begins. */
  position(): readonly number[];
  add(entries: readonly Entry[]): void;
  /** The page to go on with for whoever is at a position. `complete` is false where something after it is not held any more. */
  find(position: readonly number[]): { page: number; complete: boolean };
}

/** About what an entry takes besides its text. */
const ENTRY_BYTES = 200;

export function createBacklog(start: readonly number[], bounds: BacklogBounds): Backlog {
  let pages: Page[] = [];
  let first = 0;
  let entries = 0;
  let bytes = 0;
  let from = start;
  let position = start;

  function append(page: Page): void {
    pages.push(page);
    entries += page.entries.length;
    bytes += page.sizeBytes;
    let gone = 0;
    while (gone < pages.length - 1 && (entries > bounds.maxEntries || bytes > bounds.maxBytes)) {
      const oldest = pages[gone++]!;
      entries -= oldest.entries.length;
      bytes -= oldest.sizeBytes;
      from = oldest.position;
    }
    if (gone === 0) return;
    pages = pages.slice(gone);
    first += gone;
  }

  return {
    first: () => first,
    next: () => first + pages.length,
    page: (number) => pages[number - first],
    position: () => position,

    add(added) {
      for (let at = 0; at < added.length; at += bounds.pageEntries) {
        const some = added.slice(at, at + bounds.pageEntries);
        position = advance(position, some);
        const sizeBytes = some.reduce((sum, { json }) => sum + json.length + ENTRY_BYTES, 0);
        append({ entries: some, position, cursor: encodeCursor(position), sizeBytes });
      }
    },

    find(wanted) {
      const complete = wanted.every((offset, partition) => offset >= (from[partition] ?? 0));
      // Positions only go forward, so the pages that are seen wholly come first.
      let [low, high] = [0, pages.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (pages[middle]!.position.every((offset, partition) => offset <= (wanted[partition] ?? 0))) low = middle + 1;
        else high = middle;
      }
      return { page: first + low, complete };
    },
  };
}

function advance(position: readonly number[], entries: readonly Entry[]): number[] {
  const advanced = [...position];
  for (const { partition, offset } of entries) advanced[partition] = offset + 1;
  return advanced;
}
