import { charge, createGroup, FairLine, type Group, type Turn } from './fair-line.ts';

/**
 * Who may have how many of the places for requests. A place is one request, or 64 KiB of a larger one. Whoever keeps a place for long leaves some for those
 * who don't, however many there are:
 *
 *   quick     answers, in less than `SLOW_MS` on average   all places
 *   unknown   has never answered yet                       three quarters, together with the slow
 *   slow      takes longer, or has stopped answering       half
 *
 * In a lane, a webhook may have an eighth of the places that are left, and a tenant four times as many as are left, that is four fifths if it is alone
 * (dynamic thresholds, as in the shared buffers of switches); one at least.
 */
export type Lane = 0 | 1 | 2;

export const QUICK: Lane = 0;
export const UNKNOWN: Lane = 1;
export const SLOW: Lane = 2;

export const SLOW_MS = 1_000;

const LANES = [QUICK, UNKNOWN, SLOW] as const;
/** Of all places: what a lane may have together with the lanes after it. */
const SHARES = [1, 3 / 4, 1 / 2] as const;
const WEBHOOK_SHARE = 1 / 8;
const TENANT_SHARE = 4;

/** What of a webhook's queue is counted here. */
export interface Laned extends Turn {
  readonly tenant: Tenant;
  lane: Lane;
  places: number;
}

export interface Tenant {
  readonly id: string;
  /** Its part of each. */
  readonly lanes: readonly TenantLane[];
  /** How many queues it has. */
  queues: number;
}

interface TenantLane extends Group<Laned> {
  readonly lane: Lane;
  readonly tenant: Tenant;
  places: number;
}

export function createTenant(id: string): Tenant {
  const lanes: TenantLane[] = [];
  const tenant: Tenant = { id, lanes, queues: 0 };
  for (const lane of LANES) lanes.push({ ...createGroup<Laned>(), lane, tenant, places: 0 });
  return tenant;
}

export interface Lanes<Q> {
  /** How many more places the queue may take because of what there is; less than one: none. */
  shareOf(queue: Q): number;
  /** Puts a queue that is in no line in the line of its lane. */
  join(queue: Q): void;
  /** Takes out the queue whose turn it is, of those lanes that have places left. */
  next(): Q | undefined;
  take(queue: Q, places: number): void;
  giveBack(queue: Q, places: number): void;
  /** For a queue that is in no line. What it has goes with it. */
  move(queue: Q, lane: Lane): void;
  /** Places taken, by lane. */
  taken(): readonly number[];
}

export function createLanes<Q extends Laned>(places: number): Lanes<Q> {
  const taken = [0, 0, 0];
  const most = SHARES.map((share) => Math.ceil(places * share));
  const lines = LANES.map(() => new FairLine<Laned, TenantLane>(hasShare));
  /** Of the tenants that left a line because of their share: the fewest places that one of them had. */
  const leastAsleep = [Infinity, Infinity, Infinity];
  let turn: number = QUICK;

  function left(lane: Lane): number {
    let least = Infinity;
    let after = taken[SLOW]! + taken[UNKNOWN]! + taken[QUICK]!;
    for (let each = 0; each <= lane; each++) {
      least = Math.min(least, most[each]! - after);
      after -= taken[each]!;
    }
    return least;
  }

  function hasShare({ tenant, lane }: TenantLane): boolean {
    let has = 0;
    for (let each = lane; each <= SLOW; each++) has += tenant.lanes[each]!.places;
    if (has < Math.max(1, left(lane) * TENANT_SHARE)) return true;
    leastAsleep[lane] = Math.min(leastAsleep[lane]!, has);
    return false;
  }

  function groupOf({ tenant, lane }: Laned): TenantLane {
    return tenant.lanes[lane] as TenantLane;
  }

  function count(queue: Laned, change: number): void {
    queue.places += change;
    groupOf(queue).places += change;
    taken[queue.lane]! += change;
  }

  /** Whoever left a line because of its tenant's share comes back when that tenant has less, or when there is more for all: its own may hang. */
  function rejoin({ tenant }: Laned): void {
    for (const lane of tenant.lanes) lines[lane.lane]!.rejoin(lane);
    for (const lane of LANES) {
      const least = leastAsleep[lane]!;
      if (least === Infinity || least >= left(lane) * TENANT_SHARE) continue;
      leastAsleep[lane] = Infinity;
      lines[lane]!.wake();
    }
  }

  return {
    shareOf: (queue) => Math.max(1, left(queue.lane) * WEBHOOK_SHARE) - queue.places,
    join: (queue) => lines[queue.lane]!.join(queue, groupOf(queue)),
    next() {
      for (let tried = 0; tried < LANES.length; tried++) {
        const lane = turn as Lane;
        turn = (turn + 1) % LANES.length;
        if (left(lane) < 1) continue;
        const queue = lines[lane]!.next();
        if (queue !== undefined) return queue as Q;
      }
      return undefined;
    },
    take(queue, cost) {
      charge(queue, cost);
      charge(groupOf(queue), cost);
      count(queue, cost);
    },
    giveBack(queue, cost) {
      count(queue, -cost);
      rejoin(queue);
    },
    move(queue, lane) {
      const { places: has } = queue;
      count(queue, -has);
      queue.lane = lane;
      count(queue, has);
      rejoin(queue);
    },
    taken: () => taken,
  };
}
