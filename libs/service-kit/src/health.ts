import type { LifecycleState } from './lifecycle.ts';

/** Rejects, or answers with why not, when the service cannot do its work at the moment. */
export type HealthCheck = () => Promise<string | void> | string | void;

export interface Health {
  /** live: the process answers at all. */
  state(): LifecycleState;
  become(state: LifecycleState): void;
  /** `ready` only in state ready with every check passing, each within the deadline. */
  report(): Promise<HealthReport>;
}

export interface HealthReport {
  status: 'ok' | 'unavailable';
  live: true;
  ready: boolean;
  state: LifecycleState;
  /** Per check `ok` or what is wrong. */
  checks: Record<string, string>;
}

const CHECK_DEADLINE_MS = 2_000;

export function createHealth(checks: Record<string, HealthCheck>): Health {
  let state: LifecycleState = 'starting';
  return {
    state: () => state,
    become: (next) => {
      state = next;
    },
    async report() {
      const results = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => [name, await outcome(check)] as const),
      );
      const ready = state === 'ready' && results.every(([, result]) => result === 'ok');
      return { status: ready ? 'ok' : 'unavailable', live: true, ready, state, checks: Object.fromEntries(results) };
    },
  };
}

async function outcome(check: HealthCheck): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_DEADLINE_MS} ms`), CHECK_DEADLINE_MS);
  });
  try {
    return (await Promise.race([Promise.resolve(check()), late])) ?? 'ok';
  } catch (error) {
    return (error as Error).message;
  } finally {
    clearTimeout(timer);
  }
}
