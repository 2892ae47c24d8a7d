/**
 * Answers many callers with few calls: at most one is under way for a key, and a caller gets the answer of one that began after it
 * asked (the next one, when one is under way already).
 */
export function joinCalls<T>(call: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const slots = new Map<string, { current: Promise<T>; next: Promise<T> | undefined }>();

  function begin(key: string): Promise<T> {
    const current = call(key);
    const slot = { current, next: undefined as Promise<T> | undefined };
    slots.set(key, slot);
    const release = (): void => {
      if (slot.next === undefined) slots.delete(key);
    };
    current.then(release, release);
    return current;
  }

  return function joined(key) {
    const slot = slots.get(key);
    if (slot === undefined) return begin(key);
    slot.next ??= slot.current.then(
      () => begin(key),
      () => begin(key),
    );
    return slot.next;
  };
}
