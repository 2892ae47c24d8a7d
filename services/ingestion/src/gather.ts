import { Unavailable } from '@hookline/domain';

export interface GatherOptions<Item, Answer> {
  /** One answer per item, in order. A rejection is every item's. */
  run: (items: Item[]) => Promise<readonly Answer[]>;
  maxItems: number;
  /** Calls of `run` at the same time; what comes meanwhile is gathered for the next. */
  maxUnderWay: number;
  /** Items that may wait for a call; more are refused with Unavailable. */
  maxWaiting: number;
}

interface Waiting<Item, Answer> {
  item: Item;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/**
 * Makes one call of many: items that come within one turn of the event loop, or while as many calls as allowed are under way, go together,
 * in the order in which they came.
 */
export function createGatherer<Item, Answer>(options: GatherOptions<Item, Answer>): (item: Item) => Promise<Answer> {
  const { run, maxItems, maxUnderWay, maxWaiting } = options;
  let waiting: Waiting<Item, Answer>[] = [];
  let underWay = 0;
  let scheduled = false;

  function schedule(): void {
    if (scheduled || waiting.length === 0 || underWay >= maxUnderWay) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      const batch = waiting.length <= maxItems ? waiting : waiting.slice(0, maxItems);
      waiting = waiting.length <= maxItems ? [] : waiting.slice(maxItems);
      underWay++;
      void settle(batch);
      schedule();
    });
  }

  async function settle(batch: Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    underWay--;
    schedule();
  }

  return (item) => {
    if (waiting.length >= maxWaiting) return Promise.reject(new Unavailable(`${maxWaiting} calls wait already`));
    return new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      schedule();
    });
  };
}
