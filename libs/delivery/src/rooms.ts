/** Who waits for the engine: intake for room, a shutdown for emptiness. */
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
  /** The largest backlog goes down fast enough to be worth waiting for. */
  draining(): boolean;
  stuck(): boolean;
  empty(): boolean;
  fullWaitMs: number;
}

const CHECK_MS = 50;

export function createRooms(options: RoomsOptions): Rooms {
  const waiters = new Set<{ signal: Stop; go: () => void }>();
  const emptyWaiters = new Set<() => void>();
  let fullSinceMs: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function mustWait(): boolean {
    if (closed) return false;
    if (fullSinceMs === null ? options.full() : !options.roomy()) fullSinceMs ??= performance.now();
    else fullSinceMs = null;
    if (options.stuck()) return true;
    if (fullSinceMs === null) return false;
    return performance.now() - fullSinceMs < options.fullWaitMs && options.draining();
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
      // A signal, and a backlog that stops draining, are noticed by the timer.
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
      if (waiters.size > 0 && !mustWait()) check();
      if (emptyWaiters.size > 0 && options.empty()) for (const onEmpty of emptyWaiters) onEmpty();
    },
    close() {
      closed = true;
      check();
    },
  };
}
