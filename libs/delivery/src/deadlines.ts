/**
 * Deadlines of many short-lived things by one timer: setting and clearing one costs a Set's add and delete, and they come up to
 * `resolutionMs` late. The timer runs only while something has a deadline.
 */
export interface Deadlines<T> {
  /** Returns what `clear` needs. */
  set(item: T, afterMs: number): number;
  clear(item: T, slot: number): void;
  close(): void;
}

export function createDeadlines<T>(expired: (item: T) => void, resolutionMs = 50): Deadlines<T> {
  const slots = new Map<number, Set<T>>();
  let timer: NodeJS.Timeout | undefined;
  let current = slotAt(0);
  let count = 0;

  function slotAt(afterMs: number): number {
    return Math.ceil((performance.now() + afterMs) / resolutionMs);
  }

  function tick(): void {
    const now = Math.floor(performance.now() / resolutionMs);
    for (; current <= now; current++) {
      const due = slots.get(current);
      if (due === undefined) continue;
      slots.delete(current);
      count -= due.size;
      for (const item of due) expired(item);
    }
    if (count === 0) close();
  }

  function close(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    set(item, afterMs) {
      const slot = slotAt(afterMs);
      if (timer === undefined) {
        current = Math.floor(performance.now() / resolutionMs);
        timer = setInterval(tick, resolutionMs);
      }
      const items = slots.get(slot);
      if (items === undefined) slots.set(slot, new Set([item]));
      else items.add(item);
      count++;
      return slot;
    },
    clear(item, slot) {
      const items = slots.get(slot);
      if (items === undefined || !items.delete(item)) return;
      count--;
      if (items.size === 0) slots.delete(slot);
    },
    close,
  };
}
