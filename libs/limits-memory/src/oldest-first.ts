/** A map that knows its oldest entry, in constant time. */
export interface OldestFirst<V extends object> {
  readonly size: number;
  get(key: string): V | undefined;
  /** Makes it the newest; `value` must not be in a map already. */
  add(key: string, value: V): void;
  delete(key: string): void;
  oldest(): [string, V] | undefined;
}

export function createOldestFirst<V extends object>(): OldestFirst<V> {
  const entries = new Map<string, V>();
  // Kept from call to call: a new one would have to step over all that was deleted at the front since the map was last compacted.
  let upcoming = entries.entries();
  let first: [string, V] | undefined;

  function advance(): void {
    let next = upcoming.next();
    if (next.done === true) {
      upcoming = entries.entries();
      next = upcoming.next();
    }
    first = next.done === true ? undefined : next.value;
  }

  return {
    get size() {
      return entries.size;
    },
    get: (key) => entries.get(key),
    add(key, value) {
      entries.delete(key);
      entries.set(key, value);
    },
    delete: (key) => void entries.delete(key),
    oldest() {
      // What was deleted, or deleted and added again, is no longer the oldest.
      while (first === undefined || entries.get(first[0]) !== first[1]) {
        if (entries.size === 0) return undefined;
        advance();
      }
      return first;
    },
  };
}
