import type { Answer, Claimed, Cursor, EntryRef, HeldCursor, RetrySchedule, ScheduleChange } from '../src/index.ts';

interface Entry extends Claimed {
  state: { kind: 'waiting' } | { kind: 'claimed'; untilMs: number } | { kind: 'handedOver'; at: number };
}

type Model = Pick<
  RetrySchedule,
  'held' | 'reset' | 'apply' | 'claim' | 'markHandedOver' | 'answered' | 'putBack' | 'counts'
>;

/** The port said once more, as plainly as possible, for one partition: what the real stores are compared with. */
export function createModel(): Model {
  let held: HeldCursor | null = null;
  const entries = new Map<string, Entry>();

  function fenced<T>(at: Cursor, work: () => T): Answer<T> {
    const isCurrent = held !== null && held.incarnation === at.incarnation && held.offset === at.offset;
    return isCurrent ? { kind: 'ok', value: work() } : { kind: 'stale', held };
  }

  function applyOne(change: ScheduleChange): void {
    if (change.kind === 'settled') {
      entries.delete(change.deliveryId);
      return;
    }
    const { kind: _, ...claimed } = change;
    const current = entries.get(change.deliveryId);
    if (current !== undefined && change.attempt < current.attempt) return;
    entries.set(change.deliveryId, { ...claimed, state: { kind: 'waiting' } });
  }

  function find({ deliveryId, offset }: EntryRef): Entry | undefined {
    const entry = entries.get(deliveryId);
    return entry?.offset === offset ? entry : undefined;
  }

  /** Those in one state, by a number and then by delivery. */
  function inOrder(number: (entry: Entry) => number | undefined): Entry[] {
    return [...entries.values()]
      .filter((entry) => number(entry) !== undefined)
      .sort((a, b) => number(a)! - number(b)! || Buffer.compare(Buffer.from(a.deliveryId), Buffer.from(b.deliveryId)));
  }

  const dueOf = (entry: Entry) => (entry.state.kind === 'waiting' ? entry.dueAtMs : undefined);
  const untilOf = (entry: Entry) => (entry.state.kind === 'claimed' ? entry.state.untilMs : undefined);
  const placeOf = (entry: Entry) => (entry.state.kind === 'handedOver' ? entry.state.at : undefined);

  return {
    held: async () => held,
    async reset(_, cursor, nowMs) {
      held = { ...cursor, appliedAtMs: nowMs };
      entries.clear();
    },
    apply: async (_, at, changes, nextOffset, nowMs) =>
      fenced(at, () => {
        changes.forEach(applyOne);
        held = { incarnation: at.incarnation, offset: nextOffset, appliedAtMs: nowMs };
      }),
    claim: async (_, at, { nowMs, limit, maxBytes, claimMs }) =>
      fenced(at, () => {
        const expired = inOrder(untilOf).filter((entry) => untilOf(entry)! <= nowMs);
        for (const entry of expired.slice(0, limit)) entry.state = { kind: 'waiting' };
        const taken: Claimed[] = [];
        let sizeBytes = 0;
        for (const entry of inOrder(dueOf).slice(0, limit)) {
          sizeBytes += entry.entry.length;
          if (entry.dueAtMs > nowMs || (sizeBytes > maxBytes && taken.length > 0)) break;
          entry.state = { kind: 'claimed', untilMs: nowMs + claimMs };
          const { state: _state, ...claimed } = entry;
          taken.push(claimed);
        }
        return taken;
      }),
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
        const found = refs.map(find).filter((entry) => entry !== undefined && entry.state.kind !== 'waiting');
        for (const entry of found) Object.assign(entry!, { state: { kind: 'waiting' }, dueAtMs: nowMs });
        return found.length;
      }),
    counts: async () => ({
      waiting: inOrder(dueOf).length,
      claimed: inOrder(untilOf).length,
      handedOver: inOrder(placeOf).length,
      oldestDueAtMs: inOrder(dueOf)[0]?.dueAtMs ?? null,
    }),
  };
}
