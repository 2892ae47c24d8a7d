/**
 * Deadlines of many short-lived things by one timer. Each thing carries its place in a list, so setting and clearing its deadline allocates nothing. They
 * come up to `resolutionMs` late. The timer runs only while something has a deadline.
 */
export interface Deadlines<T extends Timed> {
  /** @param atMs on `performance.now()`'s clock */
  set(item: T, atMs: number): void;
  /** Does nothing where there is none. */
  clear(item: T): void;
  /** Everything that has one. */
  all(): T[];
  close(): void;
}

/** What can have a deadline, one at a time. */
export class Timed {
  before: Timed | null = null;
  after: Timed | null = null;
}

export function createDeadlines<T extends Timed>(expired: (item: T) => void, resolutionMs = 50): Deadlines<T> {
  /** By slot of time, the head of a ring; a ring of the head alone is empty. */
  const rings = new Map<number, Timed>();
  let timer: NodeJS.Timeout | undefined;
  let current = 0;

  function ringOf(slot: number): Timed {
    let head = rings.get(slot);
    if (head !== undefined) return head;
    head = new Timed();
    head.before = head.after = head;
    rings.set(slot, head);
    return head;
  }

  function itemsOf(head: Timed): T[] {
    const items: T[] = [];
    for (let item = head.after; item !== head; item = (item as Timed).after) items.push(item as T);
    return items;
  }

  function tick(): void {
    const now = Math.floor(performance.now() / resolutionMs);
    for (; current <= now; current++) {
      const head = rings.get(current);
      if (head === undefined) continue;
      rings.delete(current);
      // One that expires may clear others, or give them another deadline.
      for (let item = head.after as Timed; item !== head; item = head.after as Timed) {
        unlink(item);
        expired(item as T);
      }
    }
    if (rings.size === 0) close();
  }

  function close(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    set(item, atMs) {
      if (item.before !== null) unlink(item);
      if (timer === undefined) {
        current = Math.floor(performance.now() / resolutionMs);
        timer = setInterval(tick, resolutionMs);
      }
      link(item, ringOf(Math.max(current + 1, Math.ceil(atMs / resolutionMs))));
    },
    clear(item) {
      if (item.before !== null) unlink(item);
    },
    all: () => [...rings.values()].flatMap(itemsOf),
    close,
  };
}

function link(item: Timed, head: Timed): void {
  item.before = head.before;
  item.after = head;
  (head.before as Timed).after = item;
  head.before = item;
}

function unlink(item: Timed): void {
  (item.before as Timed).after = item.after;
  (item.after as Timed).before = item.before;
  item.before = item.after = null;
}
