/** Which of many queues is the largest, up to a factor of two, at constant cost per change. */
export interface Backlogs<Q> {
  /** The queue's weight is now this; 0 takes it out. */
  weigh(queue: Q, weight: number): void;
  largest(): Q | undefined;
}

export interface Weighed {
  /** Kept here by Backlogs; -1 before and after. */
  weightClass: number;
}

export function createBacklogs<Q extends Weighed>(): Backlogs<Q> {
  /** Queues by the power of two below their weight: most changes leave a queue where it is. */
  const classes: Set<Q>[] = [];

  return {
    weigh(queue, weight) {
      const weightClass = weight > 0 ? Math.floor(Math.log2(weight)) : -1;
      if (weightClass === queue.weightClass) return;
      classes[queue.weightClass]?.delete(queue);
      queue.weightClass = weightClass;
      if (weightClass < 0) return;
      while (classes.length <= weightClass) classes.push(new Set());
      (classes[weightClass] as Set<Q>).add(queue);
    },
    largest() {
      for (let weightClass = classes.length - 1; weightClass >= 0; weightClass--) {
        for (const queue of classes[weightClass] as Set<Q>) return queue;
      }
      return undefined;
    },
  };
}
