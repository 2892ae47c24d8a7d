/** How many came lately, remembered by parts of a window: within a part they count as spread evenly. */
export interface Recent {
  add(atMs: number, count: number): void;
  /** How many came after a time; what came before it is forgotten. */
  since: (ms: number) => number;
}

interface Part {
  firstMs: number;
  lastMs: number;
  count: number;
}

const PARTS = 8;

export function createRecent(windowMs: number): Recent {
  const parts: Part[] = [];
  let total = 0;

  return {
    add(atMs, count) {
      const latest = parts.at(-1);
      total += count;
      if (latest !== undefined && atMs - latest.firstMs < windowMs / PARTS) {
        latest.lastMs = Math.max(latest.lastMs, atMs);
        latest.count += count;
      } else parts.push({ firstMs: atMs, lastMs: atMs, count });
    },

    since(ms) {
      while (parts.length > 0 && parts[0]!.lastMs <= ms) total -= parts.shift()!.count;
      const [oldest] = parts;
      return oldest === undefined || oldest.firstMs > ms ? total : total - goneOf(oldest, ms);
    },
  };
}

/** Of a part that began before a time and ended after it. */
function goneOf({ firstMs, lastMs, count }: Part, ms: number): number {
  return Math.min(count, 1 + Math.floor(((count - 1) * (ms - firstMs)) / (lastMs - firstMs)));
}
