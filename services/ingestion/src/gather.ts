import { Unavailable } from '@hookline/domain';

export interface GatherOptions<Item, Answer> {
  /** One answer per item, in order. A rejection is every item's. */
  run: (items: Item[]) => Promise<readonly Answer[]>;
  /** A group that has more by itself goes alone. */
  maxItems: number;
  /** Calls of `run` at the same time; what comes meanwhile is gathered for the next. */
  maxUnderWay: number;
  /** Items that may wait for a call; groups beyond are refused with Unavailable. */
  maxWaiting: number;
  /** How long a call waits for more, where the one before it was for at least `lingerFrom` groups. */
  lingerMs: number;
  lingerFrom: number;
}

interface Group<Item, Answer> {
  items: readonly Item[];
  resolve: (answers: readonly Answer[]) => void;
  reject: (error: unknown) => void;
}

/**
 * Makes one call of many: groups of items that come within one turn of the event loop, or while as many calls as allowed are under way, go
 * together, in the order in which they came. Each gets the answers to its own items. When many come, a call also lingers, since each costs
 * about as much as a dozen items.
 */
export function createGatherer<Item, Answer>(
  options: GatherOptions<Item, Answer>,
): (items: readonly Item[]) => Promise<readonly Answer[]> {
  const { run, maxItems, maxUnderWay, maxWaiting, lingerMs, lingerFrom } = options;
  let waiting: Group<Item, Answer>[] = [];
  let waitingItems = 0;
  let underWay = 0;
  let scheduled = false;
  let lastGroups = 0;

  function schedule(): void {
    if (scheduled || waiting.length === 0 || underWay >= maxUnderWay) return;
    scheduled = true;
    if (lastGroups >= lingerFrom && waitingItems < maxItems) setTimeout(begin, lingerMs);
    else setImmediate(begin);
  }

  function begin(): void {
    scheduled = false;
    underWay++;
    const groups = take();
    lastGroups = groups.length;
    void settle(groups);
    schedule();
  }

  function take(): Group<Item, Answer>[] {
    let items = 0;
    let groups = 0;
    for (; groups < waiting.length; groups++) {
      const added = waiting[groups]!.items.length;
      if (groups > 0 && items + added > maxItems) break;
      items += added;
    }
    const taken = groups === waiting.length ? waiting : waiting.slice(0, groups);
    waiting = groups === waiting.length ? [] : waiting.slice(groups);
    waitingItems -= items;
    return taken;
  }

  async function settle(groups: Group<Item, Answer>[]): Promise<void> {
    try {
      const answers = await run(groups.flatMap(({ items }) => items));
      let from = 0;
      for (const { items, resolve } of groups) resolve(answers.slice(from, (from += items.length)));
    } catch (error) {
      for (const { reject } of groups) reject(error);
    }
    underWay--;
    schedule();
  }

  return (items) => {
    if (items.length === 0) return Promise.resolve([]);
    if (waitingItems > 0 && waitingItems + items.length > maxWaiting) {
      return Promise.reject(new Unavailable(`${waitingItems} wait already`));
    }
    return new Promise((resolve, reject) => {
      waiting.push({ items, resolve, reject });
      waitingItems += items.length;
      schedule();
    });
  };
}
