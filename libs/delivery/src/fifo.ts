/** First in, first out, and the newest can be taken back; each in constant time. */
export interface Fifo<T> {
  readonly length: number;
  push(item: T): void;
  shift(): T | undefined;
  pop(): T | undefined;
  /** Keeps those that `keep` says. */
  filter(keep: (item: T) => boolean): void;
}

export function createFifo<T>(): Fifo<T> {
  let items: (T | undefined)[] = [];
  let head = 0;

  return {
    get length() {
      return items.length - head;
    },
    push(item) {
      items.push(item);
    },
    shift() {
      if (head === items.length) return undefined;
      const item = items[head];
      items[head++] = undefined;
      if (head === items.length) {
        items.length = 0;
        head = 0;
      } else if (head > 1_024 && head * 2 > items.length) {
        items.splice(0, head);
        head = 0;
      }
      return item;
    },
    pop() {
      return head === items.length ? undefined : items.pop();
    },
    filter(keep) {
      items = items.slice(head).filter((item) => keep(item as T));
      head = 0;
    },
  };
}
