import {
  HELD_MS,
  type Answer,
  type Backlog,
  type BacklogOwner,
  type Claimed,
  type ClaimRequest,
  type Cursor,
  type Due,
  type EntryRef,
  type HeldCursor,
  type RetrySchedule,
  type ScheduleBounds,
  type ScheduleChange,
} from '../src/index.ts';

interface Entry extends Claimed {
  state: { kind: 'waiting' | 'excess' } | { kind: 'claimed'; untilMs: number } | { kind: 'handedOver'; at: number };
}

export type Model = Omit<RetrySchedule, 'check' | 'close'>;

/** The port said once more, as plainly as possible, for one partition: what the real stores are compared with. */
export function createModel(bounds: ScheduleBounds): Model {
  let held: HeldCursor | null = null;
  const entries = new Map<string, Entry>();
  const holds = new Set<string>();
  let line: string[] = [];

  function fenced<T>(at: Cursor, work: () => T): Answer<T> {
    const isCurrent = held !== null && held.incarnation === at.incarnation && held.offset === at.offset;
    if (!isCurrent) return { kind: 'stale', held };
    const value = work();
    // Who has nothing waiting doesn't stand in line.
    line = line.filter((webhookId) => waitingOf(webhookId).length > 0);
    return { kind: 'ok', value };
  }

  function backlogOf(of: BacklogOwner): Backlog {
    const theirs = [...entries.values()].filter(
      (entry) => !entry.excess && ('tenant' in of ? entry.tenant === of.tenant : entry.webhookId === of.webhookId),
    );
    return { deliveries: theirs.length, bytes: theirs.reduce((sum, { entry }) => sum + entry.length, 0) };
  }

  function hasRoom({ webhookId, tenant, entry }: Pick<Claimed, 'webhookId' | 'tenant' | 'entry'>): boolean {
    const fits = (has: Backlog, most: Backlog) =>
      has.deliveries + 1 <= most.deliveries && has.bytes + entry.length <= most.bytes;
    return fits(backlogOf({ webhookId }), bounds.webhook) && fits(backlogOf({ tenant }), bounds.tenant);
  }

  function applyOne(change: ScheduleChange): void {
    if (change.kind === 'settled') {
      entries.delete(change.deliveryId);
      return;
    }
    const { kind: _, ...others } = change;
    const current = entries.get(change.deliveryId);
    if (current !== undefined && change.attempt < current.attempt) return;
    const excess = (current === undefined || current.excess) && !hasRoom(change);
    entries.set(change.deliveryId, { ...others, excess, state: { kind: excess ? 'excess' : 'waiting' } });
  }

  function find({ deliveryId, offset }: EntryRef): Entry | undefined {
    const entry = entries.get(deliveryId);
    return entry?.offset === offset ? entry : undefined;
  }

  /** Those in one state, by a number and then by delivery. */
  function inOrder(number: (entry: Entry) => number | undefined): Entry[] {
    return [...entries.values()]
      .filter((entry) => number(entry) !== undefined)
      .sort((a, b) => number(a)! - number(b)! || compare(a.deliveryId, b.deliveryId));
  }

  const dueOf = (entry: Entry) =>
    entry.state.kind === 'waiting' ? entry.dueAtMs + (holds.has(entry.webhookId) ? HELD_MS : 0) : undefined;
  const untilOf = (entry: Entry) => (entry.state.kind === 'claimed' ? entry.state.untilMs : undefined);
  const placeOf = (entry: Entry) => (entry.state.kind === 'handedOver' ? entry.state.at : undefined);
  const excessOf = (entry: Entry) => (entry.state.kind === 'excess' ? entry.offset : undefined);
  const waitingOf = (webhookId: string) => inOrder(dueOf).filter((entry) => entry.webhookId === webhookId);

  /** The first one due of each webhook that doesn't stand in line, by when that is and then by webhook. */
  function upcoming(): Entry[] {
    const first = new Map<string, Entry>();
    for (const entry of inOrder(dueOf)) if (!first.has(entry.webhookId)) first.set(entry.webhookId, entry);
    return [...first.values()]
      .filter(({ webhookId }) => !line.includes(webhookId))
      .sort((a, b) => dueOf(a)! - dueOf(b)! || compare(a.webhookId, b.webhookId));
  }

  function wait(entry: Entry): void {
    entry.state = { kind: entry.excess ? 'excess' : 'waiting' };
  }

  function claim({ nowMs, limit, perWebhook, maxBytes, claimMs }: ClaimRequest): Claimed[] {
    const taken: Claimed[] = [];
    let sizeBytes = 0;
    function take(entry: Entry): boolean {
      if (taken.length === limit || (sizeBytes + entry.entry.length > maxBytes && taken.length > 0)) return false;
      sizeBytes += entry.entry.length;
      entry.state = { kind: 'claimed', untilMs: nowMs + claimMs };
      const { state: _, ...claimed } = entry;
      taken.push(claimed);
      return true;
    }

    for (const entry of inOrder(untilOf).slice(0, limit)) if (untilOf(entry)! <= nowMs) wait(entry);

    for (const entry of inOrder(excessOf).slice(0, limit)) {
      if (hasRoom(entry)) Object.assign(entry, { excess: false, state: { kind: 'waiting' } });
      else if (!take(entry)) return taken;
    }

    const due = upcoming().filter((entry) => dueOf(entry)! <= nowMs);
    line.push(...due.slice(0, limit).map(({ webhookId }) => webhookId));

    for (const webhookId of line) {
      if (taken.length === limit) break;
      const theirs = waitingOf(webhookId).filter((entry) => dueOf(entry)! <= nowMs);
      const given = theirs.slice(0, perWebhook).findIndex((entry) => !take(entry));
      if (given === 0) break;
      line = line.filter((other) => other !== webhookId);
      if (waitingOf(webhookId).some((entry) => dueOf(entry)! <= nowMs)) line.push(webhookId);
      if (given > 0) break;
    }
    return taken;
  }

  function nextAtMs(nowMs: number): number | null {
    if (line.length > 0 || inOrder(excessOf).length > 0) return nowMs;
    const [first, claimed] = [upcoming()[0], inOrder(untilOf)[0]];
    const next = Math.min(first === undefined ? Infinity : dueOf(first)!, claimed ? untilOf(claimed)! : Infinity);
    return next === Infinity ? null : next;
  }

  return {
    held: async () => held,
    async reset(_, cursor, nowMs) {
      held = { ...cursor, appliedAtMs: nowMs };
      entries.clear();
      holds.clear();
      line = [];
    },
    apply: async (_, at, changes, nextOffset, nowMs) =>
      fenced(at, () => {
        changes.forEach(applyOne);
        held = { incarnation: at.incarnation, offset: nextOffset, appliedAtMs: nowMs };
      }),
    claim: async (_, at, request) =>
      fenced(at, (): Due => ({ entries: claim(request), nextAtMs: nextAtMs(request.nowMs) })),
    markHandedOver: async (_, at, marks) =>
      fenced(at, () => {
        const found = marks.map((mark) => ({ entry: find(mark), mark })).filter(({ entry }) => entry !== undefined);
        for (const { entry, mark } of found) {
          entry!.state = { kind: 'handedOver', at: Math.max(mark.handedOverAt, placeOf(entry!) ?? 0) };
        }
        return found.length;
      }),
    answered: async (_, at, committed, limit) =>
      fenced(at, () =>
        inOrder(placeOf)
          .filter((entry) => placeOf(entry)! < committed)
          .slice(0, limit)
          .map(({ deliveryId, offset }) => ({ deliveryId, offset })),
      ),
    putBack: async (_, at, refs, nowMs) =>
      fenced(at, () => {
        const found = refs
          .map(find)
          .filter((entry) => entry?.state.kind === 'claimed' || entry?.state.kind === 'handedOver');
        for (const entry of found) {
          entry!.dueAtMs = nowMs;
          wait(entry!);
        }
        return found.length;
      }),
    hold: async (_, at, webhookIds) =>
      fenced(at, () => {
        for (const webhookId of webhookIds) {
          if (holds.has(webhookId)) continue;
          holds.add(webhookId);
          line = line.filter((other) => other !== webhookId);
        }
      }),
    release: async (_, at, webhookIds) =>
      fenced(at, () => {
        for (const webhookId of webhookIds) {
          if (holds.delete(webhookId)) line = line.filter((other) => other !== webhookId);
        }
      }),
    holds: async (_, at) => fenced(at, () => [...holds]),
    counts: async () => {
      const waiting = inOrder(dueOf).filter(({ webhookId }) => !holds.has(webhookId));
      return {
        waiting: waiting.length,
        held: inOrder(dueOf).length - waiting.length,
        excess: inOrder(excessOf).length,
        claimed: inOrder(untilOf).length,
        handedOver: inOrder(placeOf).length,
        oldestDueAtMs: waiting[0]?.dueAtMs ?? null,
      };
    },
    backlog: async (of) => backlogOf(of),
  };
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
