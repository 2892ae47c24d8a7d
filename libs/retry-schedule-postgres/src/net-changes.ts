import type { ScheduleChange } from '@hookline/retry-schedule';

type Wait = ScheduleChange & { kind: 'wait' };

/** What a run of changes comes to for one delivery: what is held goes if its attempt is not above `outranks`, then `wait` comes. */
export interface NetChange {
  deliveryId: string;
  outranks: number;
  wait: Wait | null;
}

/** A settled delivery goes whatever its attempt. The highest that the column holds. */
const ANY_ATTEMPT = 2_147_483_647;

/**
 * Brings changes, in their order, down to one per delivery. Of several waits the last one of the highest attempt stays (a lower one is
 * ignored after a higher one, an equal one replaces); what stood before a settlement doesn't count.
 */
export function toNetChanges(changes: readonly ScheduleChange[]): NetChange[] {
  const net = new Map<string, NetChange>();
  for (const change of changes) {
    const { deliveryId } = change;
    if (change.kind === 'settled') {
      net.set(deliveryId, { deliveryId, outranks: ANY_ATTEMPT, wait: null });
      continue;
    }
    const before = net.get(deliveryId);
    if (before === undefined) net.set(deliveryId, { deliveryId, outranks: change.attempt, wait: change });
    else if (before.wait === null || change.attempt >= before.wait.attempt) {
      net.set(deliveryId, { deliveryId, outranks: Math.max(before.outranks, change.attempt), wait: change });
    }
  }
  return [...net.values()];
}
