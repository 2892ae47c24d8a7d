/**
 * Who waits for the engine: intake for room, a shutdown for emptiness. When the queues are full, intake pauses for a moment to see what the reason is:
 *
 *   open ──full──► judging ──not roomy yet, and nothing goes fast──► shedding (no waiting) ──► judging again after `shedMs`
 *    ▲               │  ▲ the process is busy sending, or the largest backlog drains: go on waiting, at most `fullWaitMs`
 *    └────roomy──────┴────────────────────────────────────────────────────┘
 *
 * Shedding costs more than sending, so a process that is merely busy must not shed; one that waits for slow receivers must not wait for them.
 */
export interface Rooms {
  /** null: there is room. */
  wait(signal: Stop): Promise<void> | null;
  /** Resolves true when empty, false at the deadline. */
  emptied(deadlineAtMs: number): Promise<boolean>;
  /** To be called whenever the engine's counts may have become less. */
  changed(): void;
  close(): void;
}

/** What of an AbortSignal is looked at. */
export interface Stop {
  readonly aborted: boolean;
}

export interface RoomsOptions {
  full(): boolean;
  /** Below `full` by enough that whoever waited can put in some at once. */
  roomy(): boolean;
  /** Called at the beginning of a pause; what it returns says at the end whether the largest backlog went down fast enough. */
  watch(): () => boolean;
  stuck(): boolean;
  empty(): boolean;
  fullWaitMs: number;
  shedMs: number;
}

const CHECK_MS = 50;
/** Busy: the event loop had next to nothing to wait for while intake paused. */
const BUSY = 0.8;

type State =
  | { kind: 'open' }
  | { kind: 'judging'; sinceMs: number; isDraining: () => boolean; load: ReturnType<typeof loopLoad> }
  | { kind: 'shedding'; untilMs: number };

const OPEN: State = { kind: 'open' };

export function createRooms(options: RoomsOptions): Rooms {
  const waiters = new Set<{ signal: Stop; go: () => void }>();
  const emptyWaiters = new Set<() => void>();
  let state = OPEN;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function next(nowMs: number): State {
    if (state.kind === 'open') return options.full() ? judging(nowMs) : OPEN;
    if (options.roomy()) return OPEN;
    if (state.kind === 'shedding') return nowMs < state.untilMs ? state : judging(nowMs);
    const pausedMs = nowMs - state.sinceMs;
    if (pausedMs < CHECK_MS) return state;
    if (pausedMs < options.fullWaitMs && (loopLoad(state.load).utilization >= BUSY || state.isDraining())) return state;
    return { kind: 'shedding', untilMs: nowMs + options.shedMs };
  }

  function judging(sinceMs: number): State {
    return { kind: 'judging', sinceMs, isDraining: options.watch(), load: loopLoad() };
  }

  function mustWait(): boolean {
    if (closed) return false;
    if (state !== OPEN || options.full()) state = next(performance.now());
    return options.stuck() || state.kind === 'judging';
  }

  function check(): void {
    const wait = mustWait();
    for (const waiter of waiters) {
      if (wait && !waiter.signal.aborted) continue;
      waiters.delete(waiter);
      waiter.go();
    }
    if (waiters.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    wait(signal) {
      if (!mustWait() || signal.aborted) return null;
      // A signal, and the end of a pause, are noticed by the timer.
      timer ??= setInterval(check, CHECK_MS);
      return new Promise((go) => waiters.add({ signal, go }));
    },
    emptied(deadlineAtMs) {
      if (options.empty()) return Promise.resolve(true);
      return new Promise((resolve) => {
        const finish = (empty: boolean) => {
          clearTimeout(late);
          emptyWaiters.delete(onEmpty);
          resolve(empty);
        };
        const onEmpty = () => finish(true);
        const late = setTimeout(() => finish(false), Math.max(0, deadlineAtMs - Date.now()));
        emptyWaiters.add(onEmpty);
      });
    },
    changed() {
      if (waiters.size > 0 && !options.stuck() && options.roomy()) check();
      if (emptyWaiters.size > 0 && options.empty()) for (const onEmpty of emptyWaiters) onEmpty();
    },
    close() {
      closed = true;
      check();
    },
  };
}

function loopLoad(since?: ReturnType<typeof performance.eventLoopUtilization>) {
  return performance.eventLoopUtilization(since);
}
