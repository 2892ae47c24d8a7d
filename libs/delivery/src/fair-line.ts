import { Fifo } from './fifo.ts';

/**
 * Whose turn it is: tenants in turn, and of each tenant its webhooks in turn (deficit round robin in two levels). What was taken is charged; whoever is
 * in debt is passed over, one unit paid back each time, so that shares are even in what they cost and not in how many they are. Constant cost per
 * unit charged; who has nothing to do is in no line.
 */
export interface Turn {
  /** Of a turn that has come: 1. Below 1 it is debt. */
  balance: number;
}

/** The webhooks of one tenant that are in one line. */
export interface Group<Q> extends Turn {
  readonly members: Fifo<Q>;
  inLine: boolean;
}

export function createGroup<Q>(): Group<Q> {
  return { members: new Fifo(), balance: 0, inLine: false };
}

export class FairLine<Q extends Turn, G extends Group<Q>> {
  readonly #groups = new Fifo<G>();
  /** They had no share when their turn came. */
  readonly #asleep = new Set<G>();
  readonly #mayBeServed: (group: G) => boolean;

  /** A group that may not be served leaves the line with its members; `rejoin` and `wake` put it back. */
  constructor(mayBeServed: (group: G) => boolean) {
    this.#mayBeServed = mayBeServed;
  }

  /** Puts in a queue that is in no line. */
  join(queue: Q, group: G): void {
    group.members.push(queue);
    this.rejoin(group);
  }

  rejoin(group: G): void {
    if (group.inLine || group.members.length === 0) return;
    if (this.#asleep.size > 0) this.#asleep.delete(group);
    group.inLine = true;
    this.#groups.push(group);
  }

  /** Those that left because they might not be served are asked about again. */
  wake(): void {
    for (const group of this.#asleep) this.rejoin(group);
    this.#asleep.clear();
  }

  /** Takes out the queue whose turn it is. It is to be charged with what it then takes. */
  next(): Q | undefined {
    for (let group = this.#groups.shift(); group !== undefined; group = this.#groups.shift()) {
      if (!this.#mayBeServed(group)) {
        group.inLine = false;
        this.#asleep.add(group);
        continue;
      }
      if (!hasTurn(group)) {
        this.#groups.push(group);
        continue;
      }
      const queue = nextMember(group.members);
      if (group.members.length > 0) this.#groups.push(group);
      else group.inLine = false;
      return queue;
    }
    return undefined;
  }
}

export function charge(turn: Turn, cost: number): void {
  turn.balance -= cost;
}

/** Nothing is saved up: who was passed over for want of work has no more than one turn. */
function hasTurn(turn: Turn): boolean {
  turn.balance = Math.min(turn.balance + 1, 1);
  return turn.balance > 0;
}

function nextMember<Q extends Turn>(members: Fifo<Q>): Q {
  for (;;) {
    const queue = members.shift() as Q;
    if (hasTurn(queue)) return queue;
    members.push(queue);
  }
}
